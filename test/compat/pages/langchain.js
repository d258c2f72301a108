import { ChatOpenAI } from '@langchain/openai'
import { job } from './job.js'

job(async ({ base, key, prompt, piece }) => {
  const model = new ChatOpenAI({
    apiKey: key,
    model: 'gpt-5',
    maxRetries: 0,
    configuration: { baseURL: `${base}/v1`, dangerouslyAllowBrowser: true },
  })
  for await (const chunk of await model.stream(prompt)) piece(chunk.text)
})
