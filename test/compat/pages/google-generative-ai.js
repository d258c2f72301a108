import { GoogleGenerativeAI } from '@google/generative-ai'
import { job } from './job.js'

job(async ({ base, key, prompt, piece }) => {
  const model = new GoogleGenerativeAI(key).getGenerativeModel({ model: 'gemini-3-pro' }, { baseUrl: base })
  const { stream } = await model.generateContentStream(prompt)
  for await (const chunk of stream) piece(chunk.text())
})
