import { QueryClient, QueryObserver } from '@tanstack/query-core'
import { job } from './job.js'

job(async ({ base, key }) => {
  const client = new QueryClient({ defaultOptions: { queries: { retryDelay: 1 } } })
  const headers = { authorization: `Bearer ${key}` }
  const asking =
    (path) =>
    async ({ signal }) => {
      const response = await fetch(base + path, { headers, signal })
      if (!response.ok) throw new Error(`status ${response.status}`)
      return response.json()
    }
  const read = await client.fetchQuery({ queryKey: ['first'], queryFn: asking('/notes/first') })
  const retried = await client.fetchQuery({
    queryKey: ['busy'],
    queryFn: asking('/once-busy?who=tanstack'),
    retry: 2,
  })
  // Nobody looks any more while it runs: it ends the call by its signal.
  const observer = new QueryObserver(client, { queryKey: ['ticks'], queryFn: asking('/ticks') })
  const seen = []
  const stop = observer.subscribe(({ fetchStatus }) => seen.push(fetchStatus))
  stop()
  await client.cancelQueries({ queryKey: ['ticks'] })
  return { read, retried, seen, after: client.getQueryState(['ticks']).fetchStatus }
})
