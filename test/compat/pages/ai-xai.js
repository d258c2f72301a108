import { createXai } from '@ai-sdk/xai'
import { streamText } from 'ai'
import { job } from './job.js'

job(async ({ base, key, prompt, piece }) => {
  const provider = createXai({ apiKey: key, baseURL: `${base}/v1` })
  const result = streamText({ model: provider('grok-4'), prompt, maxRetries: 0 })
  for await (const text of result.textStream) piece(text)
  return { finishReason: await result.finishReason }
})
