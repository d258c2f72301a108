import Together from 'together-ai'
import { job } from './job.js'

job(async ({ base, key, prompt, piece }) => {
  const client = new Together({
    apiKey: key,
    baseURL: `${base}/v1`,
    maxRetries: 0,
    dangerouslyAllowBrowser: true,
  })
  const messages = [{ role: 'user', content: prompt }]
  const stream = await client.chat.completions.create({ model: 'some/model', messages, stream: true })
  for await (const chunk of stream) piece(chunk.choices[0]?.delta?.content)
})
