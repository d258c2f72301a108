import { InferenceClient } from '@huggingface/inference'
import { job } from './job.js'

job(async ({ base, key, prompt, piece }) => {
  const client = new InferenceClient(key, { endpointUrl: base })
  const messages = [{ role: 'user', content: prompt }]
  for await (const chunk of client.chatCompletionStream({ model: 'some/model', messages }))
    piece(chunk.choices[0]?.delta?.content)
})
