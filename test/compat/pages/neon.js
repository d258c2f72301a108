import { neon, neonConfig } from '@neondatabase/serverless'
import { job } from './job.js'

job(async ({ base, key }) => {
  neonConfig.fetchEndpoint = `${base}/sql`
  const sql = neon(`postgresql://page:${key}@db.example.test/notes?application_name=page`, {
    disableWarningInBrowsers: true,
  })
  const rows = await sql`select id, title from notes where id = ${1}`
  const [first, second] = await sql.transaction([sql`select 1 as n`, sql`select 2 as n`], { readOnly: true })
  const failure = await sql`select none`.catch((error) => error)
  return { rows, both: [first[0].n, second[0].n], failure: [failure.name, failure.code] }
})
