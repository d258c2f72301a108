import { VoyageAIClient } from 'voyageai'
import { job } from './job.js'

job(async ({ base, key }) => {
  const client = new VoyageAIClient({ apiKey: key, environment: `${base}/v1`, maxRetries: 0 })
  const { data } = await client.embed({ model: 'voyage-3', input: ['the first'] })
  const ranked = await client.rerank({ model: 'rerank-2', query: 'first', documents: ['b', 'a'] })
  const failure = await client.contextualizedEmbed({ model: 'none', inputs: [['a']] }).catch((error) => error)
  return {
    vector: data[0].embedding,
    order: ranked.data.map(({ index }) => index),
    failure: failure.statusCode,
  }
})
