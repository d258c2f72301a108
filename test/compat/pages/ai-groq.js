import { createGroq } from '@ai-sdk/groq'
import { streamText } from 'ai'
import { job } from './job.js'

job(async ({ base, key, prompt, piece }) => {
  const provider = createGroq({ apiKey: key, baseURL: `${base}/openai/v1` })
  const result = streamText({ model: provider('llama-4'), prompt, maxRetries: 0 })
  for await (const text of result.textStream) piece(text)
  return { finishReason: await result.finishReason }
})
