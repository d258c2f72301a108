import { Client, iteratePaginatedAPI } from '@notionhq/client'
import { job } from './job.js'

job(async ({ base, key }) => {
  const notion = new Client({ auth: key, baseUrl: base, logger: () => {} })
  const found = await notion.search({ query: 'plan' })
  const ids = []
  for await (const { id } of iteratePaginatedAPI(notion.dataSources.query, { data_source_id: 'd1' }))
    ids.push(id)
  const missing = await notion.pages.retrieve({ page_id: 'none' }).catch((error) => error)
  return { found: found.results.map(({ id }) => id), ids, missing: [missing.code, missing.status] }
})
