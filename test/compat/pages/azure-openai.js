import { AzureOpenAI } from 'openai'
import { job } from './job.js'

job(async ({ base, key, prompt, piece }) => {
  const client = new AzureOpenAI({
    apiKey: key,
    baseURL: `${base}/openai`,
    apiVersion: '2024-10-21',
    dangerouslyAllowBrowser: true,
    maxRetries: 0,
  })
  const messages = [{ role: 'user', content: prompt }]
  const stream = await client.chat.completions.create({ model: 'mine', messages, stream: true })
  for await (const chunk of stream) piece(chunk.choices[0]?.delta?.content)
})
