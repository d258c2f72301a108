import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client'
import { Defer20220824Handler } from '@apollo/client/incremental'
import { createClient } from 'graphql-sse'
import { job } from './job.js'

const DEFERRED = gql`
  query {
    first
    ... @defer {
      second
    }
  }
`

job(async ({ base, key }) => {
  const headers = { authorization: `Bearer ${key}` }
  const client = new ApolloClient({
    link: new HttpLink({ uri: `${base}/graphql`, headers }),
    cache: new InMemoryCache(),
    incrementalHandler: new Defer20220824Handler(),
  })
  const parts = await new Promise((resolve, reject) => {
    const seen = []
    client.watchQuery({ query: DEFERRED }).subscribe({
      next: ({ data }) => {
        if (data?.first === undefined) return
        seen.push([data.first, data.second ?? null])
        if (data.second) return resolve(seen)
        fetch(`${base}/go`, { method: 'POST', headers }).catch(reject)
      },
      error: reject,
    })
  })
  const counted = []
  const events = createClient({ url: `${base}/events`, headers, retryAttempts: 0 })
  for await (const { data } of events.iterate({ query: 'subscription { count }' })) counted.push(data.count)
  return { parts, counted }
})
