import { Portkey } from 'portkey-ai'
import { job } from './job.js'

job(async ({ base, key, prompt, piece }) => {
  const client = new Portkey({
    apiKey: key,
    baseURL: `${base}/v1`,
    provider: '@mine',
    dangerouslyAllowBrowser: true,
  })
  const messages = [{ role: 'user', content: prompt }]
  const stream = await client.chat.completions.create({ model: 'a-model', messages, stream: true })
  for await (const chunk of stream) piece(chunk.choices[0]?.delta?.content)
})
