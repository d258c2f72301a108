import { Meilisearch } from 'meilisearch'
import { job } from './job.js'

job(async ({ base, key }) => {
  const index = new Meilisearch({ host: base, apiKey: key }).index('notes')
  const task = await index
    .addDocuments([{ id: 'one', title: 'the first' }], { primaryKey: 'id' })
    .waitTask({ interval: 1 })
  const { hits } = await index.search('first', { limit: 3 })
  const missing = await new Meilisearch({ host: base, apiKey: key })
    .index('none')
    .search('first')
    .catch((error) => error)
  return { task: task.status, hits, missing: missing.cause?.code }
})
