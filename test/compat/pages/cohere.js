import { CohereClientV2 } from 'cohere-ai'
import { job } from './job.js'

job(async ({ base, key, prompt, piece }) => {
  const client = new CohereClientV2({ token: key, environment: base })
  const messages = [{ role: 'user', content: prompt }]
  const stream = await client.chatStream({ model: 'command-a', messages })
  for await (const event of stream) {
    if (event.type === 'content-delta') piece(event.delta?.message?.content?.text)
  }
})
