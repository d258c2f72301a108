import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { streamText } from 'ai'
import { job } from './job.js'

job(async ({ base, key, prompt, piece }) => {
  const provider = createOpenAICompatible({ apiKey: key, baseURL: `${base}/v1`, name: 'own' })
  const result = streamText({ model: provider('own-model'), prompt, maxRetries: 0 })
  for await (const text of result.textStream) piece(text)
  return { finishReason: await result.finishReason }
})
