import { GoogleGenAI } from '@google/genai'
import { job } from './job.js'

job(async ({ base, key, prompt, piece }) => {
  const client = new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: base } })
  const stream = await client.models.generateContentStream({ model: 'gemini-3-pro', contents: prompt })
  for await (const chunk of stream) piece(chunk.text)
})
