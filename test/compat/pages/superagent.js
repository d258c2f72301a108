import superagent from 'superagent'
import { job } from './job.js'

job(async ({ base, key }) => {
  const progress = []
  const made = await superagent
    .post(`${base}/notes`)
    .set('Authorization', `Bearer ${key}`)
    .on('progress', ({ direction }) => progress.push(direction))
    .send({ title: 'from superagent' })
  const missing = await superagent
    .get(`${base}/notes/missing`)
    .auth(key, { type: 'bearer' })
    .catch((error) => error)
  const note = await superagent.get(`${base}/notes/first`).auth(key, { type: 'bearer' }).responseType('blob')
  return {
    status: made.status,
    made: made.body,
    type: made.type,
    progress: [...new Set(progress)].sort(),
    missing: missing.status,
    blob: [note.body instanceof Blob, note.body.type],
  }
})
