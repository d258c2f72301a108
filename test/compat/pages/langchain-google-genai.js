import { ChatGoogleGenerativeAI } from '@langchain/google-genai'
import { job } from './job.js'

job(async ({ base, key, prompt, piece }) => {
  const model = new ChatGoogleGenerativeAI({
    apiKey: key,
    model: 'gemini-3-pro',
    maxRetries: 0,
    baseUrl: base,
  })
  for await (const chunk of await model.stream(prompt)) piece(chunk.text)
})
