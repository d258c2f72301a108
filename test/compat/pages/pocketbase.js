import PocketBase from 'pocketbase'
import { job } from './job.js'

job(async ({ base, key }) => {
  const client = new PocketBase(base)
  client.authStore.save(key, null)
  const notes = client.collection('notes')
  const all = await notes.getFullList({ batch: 1 })
  const made = await notes.create({ title: 'from pocketbase', kept: new File(['kept'], 'a.txt') })
  const missing = await client
    .collection('none')
    .getOne('one')
    .catch((error) => error)
  return { ids: all.map(({ id }) => id), made: made.title, missing: [missing.name, missing.status] }
})
