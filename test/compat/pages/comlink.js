import { wrap } from 'comlink'
import NotesWorker from './comlink-worker.js?worker'
import { job } from './job.js'

job(async ({ base, key }) => {
  const notes = wrap(new NotesWorker())
  const made = await notes.make(base, key, 'from comlink')
  const missing = await notes.read(base, key, 'missing')
  return { made, missing }
})
