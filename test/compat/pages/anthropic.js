import Anthropic from '@anthropic-ai/sdk'
import { job } from './job.js'

job(async ({ base, key, prompt, piece }) => {
  const client = new Anthropic({ apiKey: key, baseURL: base, dangerouslyAllowBrowser: true, maxRetries: 0 })
  const messages = [{ role: 'user', content: prompt }]
  const stream = client.messages.stream({ model: 'claude-sonnet-5', max_tokens: 100, messages })
  stream.on('text', piece)
  const { role } = await stream.finalMessage()
  return { role }
})
