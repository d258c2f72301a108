import Replicate from 'replicate'
import { job } from './job.js'

job(async ({ base, key }) => {
  const replicate = new Replicate({ auth: key, baseUrl: `${base}/v1` })
  const seen = []
  const asked = { input: { prompt: 'hello' }, wait: { mode: 'block', timeout: 1, interval: 1 } }
  const output = await replicate.run('a/b', asked, ({ status }) => seen.push(status))
  const missing = await replicate.predictions.get('none').catch((error) => error)
  return { output, seen: seen.slice(-2), missing: missing.response?.status }
})
