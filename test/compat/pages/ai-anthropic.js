import { createAnthropic } from '@ai-sdk/anthropic'
import { streamText } from 'ai'
import { job } from './job.js'

job(async ({ base, key, prompt, piece }) => {
  const anthropic = createAnthropic({ apiKey: key, baseURL: `${base}/v1` })
  const result = streamText({ model: anthropic('claude-sonnet-5'), prompt, maxRetries: 0 })
  for await (const text of result.textStream) piece(text)
  return { finishReason: await result.finishReason }
})
