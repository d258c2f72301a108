import { OpenAI } from '@llamaindex/openai'
import { job } from './job.js'

job(async ({ base, key, prompt, piece }) => {
  const additionalSessionOptions = { dangerouslyAllowBrowser: true }
  const model = new OpenAI({ apiKey: key, baseURL: `${base}/v1`, model: 'gpt-4o', additionalSessionOptions })
  const messages = [{ role: 'user', content: prompt }]
  for await (const chunk of await model.chat({ messages, stream: true })) piece(chunk.delta)
})
