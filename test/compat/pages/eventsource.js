import { EventSource } from 'eventsource'
import { job } from './job.js'

job(({ base, key, piece }) => {
  const authorized = (url, init) =>
    fetch(url, { ...init, headers: { ...init.headers, Authorization: `Bearer ${key}` } })
  const source = new EventSource(`${base}/events`, { fetch: authorized })
  const seen = []
  return new Promise((resolve, reject) => {
    source.addEventListener('open', () => seen.push('open'))
    source.addEventListener('tick', ({ data, lastEventId }) => {
      piece(data)
      seen.push(lastEventId)
    })
    source.addEventListener('done', () => {
      source.close()
      resolve({ seen })
    })
    source.addEventListener('error', ({ message, code }) => reject(new Error(`${code}: ${message}`)))
  })
})
