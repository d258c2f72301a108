import { QdrantClient } from '@qdrant/js-client-rest'
import { job } from './job.js'

job(async ({ base, key }) => {
  const client = new QdrantClient({ url: base, apiKey: key, checkCompatibility: false })
  const put = await client.upsert('notes', {
    wait: true,
    points: [{ id: 1, vector: [0.5, 0.25], payload: { id: 'one', title: 'the first' } }],
  })
  const { points } = await client.query('notes', { query: [0.5, 0.25], limit: 1 })
  const missing = await client.getCollection('none').catch((error) => error)
  return { put: put.status, points: points.map(({ id, score }) => [id, score]), missing: missing.status }
})
