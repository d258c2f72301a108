import { Agent, OpenAIProvider, Runner, setTracingDisabled, tool } from '@openai/agents'
import OpenAI from 'openai'
import { job } from './job.js'

setTracingDisabled(true)

job(async ({ base, key, prompt, piece }) => {
  const openAIClient = new OpenAI({
    apiKey: key,
    baseURL: `${base}/v1`,
    dangerouslyAllowBrowser: true,
    maxRetries: 0,
  })
  const runner = new Runner({ modelProvider: new OpenAIProvider({ openAIClient, useResponses: false }) })
  const asked = []
  const weather = tool({
    name: 'weather',
    description: 'of a city',
    strict: false,
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    execute: ({ city }) => {
      asked.push(city)
      return 'sunny'
    },
  })
  const agent = new Agent({ name: 'page', model: 'gpt-5', instructions: 'Answer.', tools: [weather] })
  const stream = await runner.run(agent, prompt, { stream: true })
  for await (const event of stream)
    if (event.type === 'raw_model_stream_event' && event.data.type === 'output_text_delta')
      piece(event.data.delta)
  await stream.completed
  return { asked, final: stream.finalOutput }
})
