import axios from 'axios'
import { job } from './job.js'

job(async ({ base, key, prompt, piece }) => {
  const client = axios.create({
    baseURL: base,
    adapter: 'fetch',
    headers: { Authorization: `Bearer ${key}` },
  })
  const { data, status } = await client.post(
    '/v1/chat/completions',
    { model: 'gpt-5', stream: true, messages: [{ role: 'user', content: prompt }] },
    { responseType: 'stream' },
  )
  const reader = data.pipeThrough(new TextDecoderStream()).getReader()
  let pending = ''
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    const lines = (pending + next.value).split('\n')
    pending = lines.pop()
    for (const line of lines) {
      if (line.startsWith('data: {')) piece(JSON.parse(line.slice(6)).choices[0]?.delta?.content)
    }
  }
  return { status }
})
