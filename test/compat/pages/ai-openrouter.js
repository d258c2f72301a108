import { createOpenRouter } from '@openrouter/ai-sdk-provider'
import { streamText } from 'ai'
import { job } from './job.js'

job(async ({ base, key, prompt, piece }) => {
  const provider = createOpenRouter({ apiKey: key, baseURL: `${base}/api/v1`, compatibility: 'strict' })
  const result = streamText({ model: provider.chat('vendor/model'), prompt, maxRetries: 0 })
  for await (const text of result.textStream) piece(text)
  return { finishReason: await result.finishReason }
})
