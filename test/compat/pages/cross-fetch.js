import { fetch, Headers } from 'cross-fetch'
import { job } from './job.js'

job(async ({ base, key }) => {
  const headers = new Headers({ authorization: `Bearer ${key}`, 'content-type': 'application/json' })
  const body = JSON.stringify({ title: 'from cross-fetch' })
  const posted = await fetch(`${base}/notes`, { method: 'POST', headers, body })
  const missing = await fetch(`${base}/notes/missing`, { headers })
  return { posted: [posted.status, await posted.json()], missing: [missing.status, missing.ok] }
})
