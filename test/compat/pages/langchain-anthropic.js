import { ChatAnthropic } from '@langchain/anthropic'
import { job } from './job.js'

job(async ({ base, key, prompt, piece }) => {
  const model = new ChatAnthropic({
    apiKey: key,
    model: 'claude-sonnet-5',
    maxTokens: 100,
    maxRetries: 0,
    anthropicApiUrl: base,
    clientOptions: { dangerouslyAllowBrowser: true },
  })
  for await (const chunk of await model.stream(prompt)) piece(chunk.text)
})
