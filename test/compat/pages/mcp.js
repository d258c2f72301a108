import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { job } from './job.js'
import { useTools } from './mcp-tools.js'

job(async ({ base, key }) => {
  const transport = new StreamableHTTPClientTransport(new URL(`${base}/mcp`), {
    requestInit: { headers: { Authorization: `Bearer ${key}` } },
  })
  const used = await useTools(new Client({ name: 'page', version: '1' }), transport)
  await transport.terminateSession()
  return { ...used, version: transport.protocolVersion !== undefined }
})
