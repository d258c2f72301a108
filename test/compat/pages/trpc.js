import { createTRPCClient, httpBatchStreamLink, httpSubscriptionLink, splitLink } from '@trpc/client'
import { EventSource } from 'eventsource'
import { job } from './job.js'

job(async ({ base, key, piece }) => {
  const url = `${base}/trpc`
  const headers = { authorization: `Bearer ${key}` }
  const fetchWithKey = (input, init) => fetch(input, { ...init, headers: { ...init.headers, ...headers } })
  const client = createTRPCClient({
    links: [
      splitLink({
        condition: ({ type }) => type === 'subscription',
        true: httpSubscriptionLink({ url, EventSource, eventSourceOptions: { fetch: fetchWithKey } }),
        false: httpBatchStreamLink({ url, headers }),
      }),
    ],
  })
  // Both in one call; the second answers once the first has been answered.
  const asked = client.second.query()
  const first = await client.first.query()
  await client.go.mutate()
  const second = await asked
  const ticks = []
  await new Promise((resolve, reject) => {
    client.ticks.subscribe(undefined, {
      onData: (tick) => {
        ticks.push(tick)
        piece(`tick ${tick}\n`)
      },
      onError: reject,
      onComplete: resolve,
    })
  })
  const missing = await client.missing.query().catch((error) => error)
  return { first, second, ticks, missing: missing.data?.code }
})
