import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client'
import { job } from './job.js'

job(async ({ base, key }) => {
  const link = new HttpLink({ uri: `${base}/graphql`, headers: { authorization: `Bearer ${key}` } })
  const client = new ApolloClient({ link, cache: new InMemoryCache() })
  const query = gql`query Greet($name: String!) { greet(name: $name) }`
  const asked = await client.query({ query, variables: { name: 'you' } })
  const made = await client.mutate({ mutation: gql`mutation { remember(word: "red") }` })
  const failed = await client.query({ query: gql`{ nothing }` }).catch((error) => error)
  return { asked: asked.data, made: made.data, failed: failed instanceof Error }
})
