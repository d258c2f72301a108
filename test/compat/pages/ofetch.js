import { ofetch } from 'ofetch'
import { job } from './job.js'

job(async ({ base, key, piece }) => {
  const api = ofetch.create({ baseURL: base, headers: { authorization: `Bearer ${key}` } })
  const made = await api('/notes', { method: 'POST', body: { title: 'from ofetch' } })
  const retried = await api('/once-busy?who=ofetch', { retry: 1 })
  const missing = await api('/notes/missing', { retry: 0 }).catch((error) => error)
  const stream = await api('/ticks', { responseType: 'stream' })
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader()
  for (let next = await reader.read(); !next.done; next = await reader.read()) piece(next.value)
  return { made, retried, missing: [missing.name, missing.status] }
})
