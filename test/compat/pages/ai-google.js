import { createGoogleGenerativeAI } from '@ai-sdk/google'
import { streamText } from 'ai'
import { job } from './job.js'

job(async ({ base, key, prompt, piece }) => {
  const google = createGoogleGenerativeAI({ apiKey: key, baseURL: `${base}/v1beta` })
  const result = streamText({ model: google('gemini-3-pro'), prompt, maxRetries: 0 })
  for await (const text of result.textStream) piece(text)
  return { finishReason: await result.finishReason }
})
