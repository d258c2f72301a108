import { up } from 'up-fetch'
import { job } from './job.js'

job(async ({ base, key, piece }) => {
  const client = up(fetch, () => ({
    baseUrl: base,
    headers: { authorization: `Bearer ${key}` },
    retry: { attempts: 2, delay: 1 },
  }))
  const made = await client('/notes', { method: 'POST', body: { title: 'from up-fetch' } })
  const retried = await client('/once-busy', { params: { who: 'up-fetch' } })
  const missing = await client('/notes/missing').catch((error) => error)
  const decoder = new TextDecoder()
  await client('/ticks', {
    onResponseStreaming: ({ chunk }) => piece(decoder.decode(chunk, { stream: true })),
    parseResponse: (response) => response.text(),
  })
  return { made, retried, missing: missing.status }
})
