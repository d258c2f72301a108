import Cerebras from '@cerebras/cerebras_cloud_sdk'
import { job } from './job.js'

job(async ({ base, key, prompt, piece }) => {
  const client = new Cerebras({ apiKey: key, baseURL: base, maxRetries: 0, warmTCPConnection: false })
  const messages = [{ role: 'user', content: prompt }]
  const stream = await client.chat.completions.create({ model: 'a-model', messages, stream: true })
  for await (const chunk of stream) piece(chunk.choices?.[0]?.delta?.content)
  const failure = await client.models.list().catch((error) => error)
  return { failure: failure.status }
})
