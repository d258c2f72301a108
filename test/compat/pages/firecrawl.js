import Firecrawl from '@mendable/firecrawl-js'
import { job } from './job.js'

job(async ({ base, key }) => {
  const client = new Firecrawl({ apiKey: key, apiUrl: base })
  const page = await client.scrape('https://example.test', { formats: ['markdown'] })
  const crawl = await client.crawl('https://example.test', { limit: 2, pollInterval: 1 })
  const failure = await client.getCrawlStatus('none').catch((error) => error)
  return { read: page.markdown, crawled: crawl.data.map(({ markdown }) => markdown), failure: failure.status }
})
