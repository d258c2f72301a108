import { ChatOllama } from '@langchain/ollama'
import { job } from './job.js'

job(async ({ base, key, prompt, piece }) => {
  const model = new ChatOllama({
    baseUrl: base,
    model: 'a-model',
    maxRetries: 0,
    headers: { Authorization: `Bearer ${key}` },
  })
  for await (const chunk of await model.stream(prompt)) piece(chunk.text)
})
