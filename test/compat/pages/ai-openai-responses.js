import { createOpenAI } from '@ai-sdk/openai'
import { streamText } from 'ai'
import { job } from './job.js'

job(async ({ base, key, prompt, piece }) => {
  const openai = createOpenAI({ apiKey: key, baseURL: `${base}/v1` })
  const result = streamText({ model: openai.responses('gpt-5'), prompt, maxRetries: 0 })
  for await (const text of result.textStream) piece(text)
  return { finishReason: await result.finishReason }
})
