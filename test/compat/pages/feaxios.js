import axios from 'feaxios'
import { job } from './job.js'

job(async ({ base, key }) => {
  const client = axios.create({ baseURL: base, headers: { authorization: `Bearer ${key}` } })
  const posted = await client.post('/notes', { title: 'from feaxios' })
  const read = await client.get('/notes/first')
  const missing = await client.get('/notes/missing').catch((error) => error.response ?? error)
  return { made: [posted.status, posted.data], read: read.data, missing: missing.status }
})
