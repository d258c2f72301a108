import PouchDB from 'pouchdb-browser'
import { job } from './job.js'

job(async ({ base, key }) => {
  const notes = new PouchDB(`${base}/notes`, {
    auth: { username: 'page', password: key },
    skip_setup: true,
    fetch: (url, options) => PouchDB.fetch(url, { ...options, credentials: 'omit' }),
  })
  const { title } = await notes.get('first')
  const made = await notes.put({ _id: 'second', title: 'from pouchdb' })
  const picture = await notes.getAttachment('first', 'a.png')
  const missing = await notes.get('none').catch(({ status }) => status)
  const changed = await new Promise((resolve, reject) => {
    const seen = []
    const feed = notes.changes({ live: true, since: 0, heartbeat: false })
    feed.on('change', ({ id }) => {
      // The last one is told only where the page has written it while the feed waited.
      if (seen.push(id) === 2) notes.put({ _id: 'third' })
      if (seen.length < 3) return
      feed.cancel()
      resolve(seen)
    })
    feed.on('error', reject)
  })
  return { title, made: made.rev, picture: [picture.type, picture.size], missing, changed }
})
