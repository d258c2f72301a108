import Stripe from 'stripe'
import { job } from './job.js'

job(async ({ base, key }) => {
  const { hostname, port, protocol } = new URL(base)
  let asked = 0
  const stripe = new Stripe(key, {
    host: hostname,
    port,
    protocol: protocol.slice(0, -1),
    httpClient: Stripe.createFetchHttpClient(),
    telemetry: false,
    maxNetworkRetries: 2,
  })
  stripe.on('request', () => {
    asked += 1
  })
  const made = await stripe.customers.create(
    { email: 'a+b@example.test', metadata: { note: 'zwei & drei' } },
    { idempotencyKey: 'once' },
  )
  const ids = []
  for await (const { id } of stripe.customers.list({ limit: 1 })) ids.push(id)
  const missing = await stripe.customers.retrieve('cus_404').catch((error) => error)
  asked = 0
  const busy = await stripe.customers.retrieve('cus_busy').catch((error) => error)
  return {
    made: [made.id, made.lastResponse.requestId],
    ids,
    missing: [missing.type, missing.code, missing.requestId],
    busy: [busy.statusCode, asked],
  }
})
