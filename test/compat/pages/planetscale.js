import { connect } from '@planetscale/database'
import { job } from './job.js'

job(async ({ base, key }) => {
  const url = new URL(base)
  url.username = 'page'
  url.password = key
  const connection = connect({ url: url.href })
  const read = await connection.execute('select id, title from notes where id = ?', [1])
  const made = await connection.transaction((tx) =>
    tx.execute('insert into notes (title) values (?)', ["zwei's"]),
  )
  const failure = await connection.execute('select none').catch((error) => error)
  return { rows: read.rows, made: [made.insertId, made.rowsAffected], failure: failure.name }
})
