import { createClient } from '@supabase/supabase-js'
import { job } from './job.js'

job(async ({ base, key }) => {
  const client = createClient(base, key, { auth: { persistSession: false } })
  const read = await client.from('notes').select('id,title', { count: 'exact' }).eq('id', 'first')
  const made = await client.from('notes').insert({ title: 'from supabase-js' }).select().single()
  const missing = await client.from('missing').select()
  const file = new Blob(['kept'], { type: 'text/plain' })
  const kept = await client.storage.from('files').upload('a/note.txt', file, { upsert: true })
  return {
    read: [read.status, read.data, read.count],
    made: made.data,
    missing: [missing.status, missing.error?.message],
    kept: kept.data?.path,
  }
})
