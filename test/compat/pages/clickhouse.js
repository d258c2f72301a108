import { createClient } from '@clickhouse/client-web'
import { job } from './job.js'

job(async ({ base, key, piece }) => {
  const client = createClient({ url: base, username: 'page', password: key, database: 'notes' })
  const query = { query: 'SELECT number FROM numbers(5)', format: 'JSONEachRow' }
  const answer = await client.query(query)
  const numbers = []
  const reader = answer.stream().getReader()
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    for (const row of next.value) {
      numbers.push(row.json().number)
      piece(row.text)
    }
  }
  const made = await client.insert({
    table: 'notes',
    values: [{ title: 'zwei & drei' }],
    format: 'JSONEachRow',
  })
  const failure = await client.query({ ...query, query: 'SELECT none' }).catch((error) => error)
  const written = JSON.parse(made.response_headers['x-clickhouse-summary']).written_rows
  return { numbers, written, failure: [failure.code, failure.type] }
})
