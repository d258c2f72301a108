import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'

/** What its tool `wait` says at last. */
export const WAITED = 'it went on'

/** An MCP server of the protocol's own package: `wait` reports that it has begun, and ends once `go` has been called. */
export function createToolServer(): McpServer {
  const server = new McpServer({ name: 'notes', version: '1' })
  const said = (text: string) => ({ content: [{ type: 'text', text }] })
  let go = () => {}
  const gone = new Promise<void>((resolve) => {
    go = resolve
  })
  server.registerTool('wait', { description: 'waits for go' }, async (extra) => {
    const token = extra._meta?.progressToken
    const params = { progressToken: token, progress: 1, total: 2 }
    await extra.sendNotification({ method: 'notifications/progress', params })
    await gone
    return said(WAITED)
  })
  server.registerTool('go', { description: 'lets wait go on' }, async () => {
    go()
    return said('gone')
  })
  return server
}
