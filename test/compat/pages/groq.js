import Groq from 'groq-sdk'
import { job } from './job.js'

job(async ({ base, key, prompt, piece }) => {
  const client = new Groq({ apiKey: key, baseURL: base, dangerouslyAllowBrowser: true, maxRetries: 0 })
  const messages = [{ role: 'user', content: prompt }]
  const stream = await client.chat.completions.create({ model: 'llama-4', messages, stream: true })
  for await (const chunk of stream) piece(chunk.choices[0]?.delta?.content)
})
