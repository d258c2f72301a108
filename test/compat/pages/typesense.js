import { Client } from 'typesense'
import { job } from './job.js'

job(async ({ base, key }) => {
  const { hostname, port, protocol } = new URL(base)
  const client = new Client({
    nodes: [{ host: hostname, port: Number(port), protocol: protocol.slice(0, -1) }],
    apiKey: key,
    sendApiKeyAsQueryParam: false,
    logLevel: 'silent',
  })
  const note = { id: 'one', title: 'the first' }
  const documents = client.collections('notes').documents()
  const added = await documents.import([note, note], { action: 'upsert' })
  const { hits } = await documents.search({ q: 'first', query_by: 'title' })
  const missing = await client
    .collections('none')
    .retrieve()
    .catch((error) => error)
  return { added, hits: hits.map(({ document }) => document), missing: missing.httpStatus }
})
