import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js'
import { job } from './job.js'
import { useTools } from './mcp-tools.js'

job(async ({ base, key }) => {
  const headers = { Authorization: `Bearer ${key}` }
  const transport = new SSEClientTransport(new URL(`${base}/sse`), { requestInit: { headers } })
  const client = new Client({ name: 'page', version: '1' })
  const used = await useTools(client, transport)
  await client.close()
  return used
})
