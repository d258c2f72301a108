import OpenAI from 'openai'
import { job } from './job.js'

job(async ({ base, key, prompt, piece }) => {
  const client = new OpenAI({
    apiKey: key,
    baseURL: `${base}/v1`,
    dangerouslyAllowBrowser: true,
    maxRetries: 0,
  })
  const stream = client.responses.stream({ model: 'gpt-5', input: prompt })
  stream.on('response.output_text.delta', ({ delta }) => piece(delta))
  const { status } = await stream.finalResponse()
  return { status }
})
