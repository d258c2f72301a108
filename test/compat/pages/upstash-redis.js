import { Redis } from '@upstash/redis'
import { job } from './job.js'

job(async ({ base, key }) => {
  const redis = new Redis({ url: base, token: key, enableTelemetry: false, retry: false })
  const set = await redis.set('note', { title: 'größer' })
  const read = await redis.get('note')
  const both = await redis.pipeline().incr('n').get('note').exec()
  const failure = await redis.hget('note', 'x').catch((error) => error)
  return { set, read, both, failure: failure.name }
})
