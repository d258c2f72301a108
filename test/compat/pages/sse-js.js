import { SSE } from 'sse.js'
import { job } from './job.js'

job(async ({ base, key, piece }) => {
  const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${key}` }
  const ask = (path, prompt) => new SSE(`${base}${path}`, { headers, payload: JSON.stringify({ prompt }) })
  const ids = await new Promise((resolve, reject) => {
    const seen = []
    const source = ask('/ask', 'größe')
    source.addEventListener('error', ({ responseCode }) => reject(new Error(`status ${responseCode}`)))
    source.addEventListener('message', ({ data, id }) => {
      if (data === '[DONE]') return resolve(seen)
      seen.push(id)
      piece(data)
    })
  })
  const failure = await new Promise((resolve) => {
    ask('/none', '').addEventListener('error', ({ responseCode, data }) => resolve([responseCode, data]))
  })
  return { ids, failure }
})
