import OpenAI from 'openai'
import { job } from './job.js'

job(async ({ base, key, prompt, piece }) => {
  const client = new OpenAI({
    apiKey: key,
    baseURL: `${base}/v1`,
    dangerouslyAllowBrowser: true,
    maxRetries: 0,
  })
  const stream = await client.chat.completions.create({
    model: 'gpt-5',
    messages: [{ role: 'user', content: prompt }],
    stream: true,
  })
  for await (const chunk of stream) piece(chunk.choices[0]?.delta?.content)
})
