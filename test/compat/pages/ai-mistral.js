import { createMistral } from '@ai-sdk/mistral'
import { streamText } from 'ai'
import { job } from './job.js'

job(async ({ base, key, prompt, piece }) => {
  const mistral = createMistral({ apiKey: key, baseURL: `${base}/v1` })
  const result = streamText({ model: mistral('mistral-large-latest'), prompt, maxRetries: 0 })
  for await (const text of result.textStream) piece(text)
  return { finishReason: await result.finishReason }
})
