import { Client, cacheExchange, fetchExchange } from '@urql/core'
import { job } from './job.js'

job(async ({ base, key }) => {
  const client = new Client({
    url: `${base}/graphql`,
    exchanges: [cacheExchange, fetchExchange],
    preferGetMethod: false,
    fetchOptions: { headers: { authorization: `Bearer ${key}` } },
  })
  const asked = await client
    .query('query Greet($name: String!) { greet(name: $name) }', { name: 'you' })
    .toPromise()
  const made = await client.mutation('mutation { remember(word: "green") }', {}).toPromise()
  return { asked: asked.data, made: made.data, errors: [asked.error, made.error].filter(Boolean).map(String) }
})
