import { createClient } from '@libsql/client/web'
import { job } from './job.js'

job(async ({ base, key }) => {
  const client = createClient({ url: base, authToken: key })
  const read = await client.execute({ sql: 'SELECT id, title FROM notes WHERE id = ?', args: [1] })
  const transaction = await client.transaction('write')
  await transaction.execute("INSERT INTO notes (title) VALUES ('from libsql')")
  const { rows } = await transaction.execute('SELECT count(*) AS n FROM notes')
  await transaction.commit()
  const failure = await client.execute('SELECT * FROM none').catch((error) => error)
  client.close()
  return { titles: read.rows.map(({ title }) => title), count: rows[0].n, failure: failure.message }
})
