import xior from 'xior'
import errorRetry from 'xior/plugins/error-retry'
import { job } from './job.js'

job(async ({ base, key }) => {
  const client = xior.create({ baseURL: base, headers: { authorization: `Bearer ${key}` } })
  client.plugins.use(errorRetry({ retryTimes: 2, retryInterval: 1 }))
  const posted = await client.post('/notes', { title: 'from xior' })
  const retried = await client.get('/once-busy', { params: { who: 'xior' } })
  const missing = await client.get('/notes/missing', { retryTimes: 0 }).catch((error) => error)
  return { made: posted.data, retried: retried.data, missing: [missing.name, missing.response?.status] }
})
