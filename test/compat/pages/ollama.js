import { Ollama } from 'ollama/browser'
import { job } from './job.js'

job(async ({ base, key, prompt, piece }) => {
  const client = new Ollama({ host: base, headers: { Authorization: `Bearer ${key}` } })
  const messages = [{ role: 'user', content: prompt }]
  for await (const { message } of await client.chat({ model: 'llama4', messages, stream: true }))
    piece(message.content)
})
