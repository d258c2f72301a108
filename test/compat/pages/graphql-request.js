import { ClientError, GraphQLClient } from 'graphql-request'
import { job } from './job.js'

job(async ({ base, key }) => {
  const client = new GraphQLClient(`${base}/graphql`, { headers: { authorization: `Bearer ${key}` } })
  const asked = await client.request('query Greet($name: String!) { greet(name: $name) }', { name: 'you' })
  const made = await client.request('mutation { remember(word: "blue") }')
  const failed = await client.request('{ nothing }').catch((error) => error)
  return { asked, made, failed: [failed instanceof ClientError, failed.response.errors.length > 0] }
})
