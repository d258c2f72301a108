import { fetch, Headers } from 'whatwg-fetch'
import { job } from './job.js'

job(async ({ base, key }) => {
  const headers = new Headers({ Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' })
  const body = JSON.stringify({ title: 'from whatwg-fetch' })
  const posted = await fetch(`${base}/notes`, { method: 'POST', headers, body })
  const missing = await fetch(`${base}/missing`, { headers })
  const bytes = await (await fetch(`${base}/table`, { headers })).arrayBuffer()
  const controller = new AbortController()
  const aborted = fetch(`${base}/notes/first`, { headers, signal: controller.signal }).catch(
    ({ name }) => name,
  )
  controller.abort()
  return {
    posted: [posted.status, posted.statusText, new URL(posted.url).pathname, await posted.json()],
    missing: [missing.status, await missing.text()],
    size: bytes.byteLength,
    aborted: await aborted,
  }
})
