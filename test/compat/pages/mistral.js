import { Mistral } from '@mistralai/mistralai'
import { job } from './job.js'

job(async ({ base, key, prompt, piece }) => {
  const client = new Mistral({ apiKey: key, serverURL: base })
  const messages = [{ role: 'user', content: prompt }]
  for await (const { data } of await client.chat.stream({ model: 'mistral-large-latest', messages }))
    piece(data.choices[0]?.delta?.content)
})
