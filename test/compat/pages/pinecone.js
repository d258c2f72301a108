import { Pinecone } from '@pinecone-database/pinecone'
import { job } from './job.js'

job(async ({ base, key }) => {
  const index = new Pinecone({ apiKey: key }).index({ host: base })
  await index.upsert({ records: [{ id: 'one', values: [0.5, 0.25] }] })
  const { matches } = await index.query({ vector: [0.5, 0.25], topK: 1 })
  return { nearest: matches.map(({ id }) => id) }
})
