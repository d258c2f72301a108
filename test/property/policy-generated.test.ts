import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalise } from '../../native-host/policy/canonical.ts'
import { decideCall } from '../../native-host/policy/decide-call.ts'
import { explain } from '../../native-host/policy/explain.ts'
import { exampleCapability, exampleService } from '../support/examples.ts'
import { done, times } from '../support/hard.ts'
import { oracleAnswer } from './oracle-decision.ts'
import { oracleJson } from './oracle-json.ts'
import { asks, type GeneratedAsk } from './policy-asks.ts'
import { type World, worlds } from './policy-world.ts'

const ORIGIN = 'https://api.example.com'
const RUNS = times(8000, 100_000)

/** What the product makes of an ask, in the words of the second opinion. */
function answer({ body, ...claimed }: GeneratedAsk, { capability, service }: World, askWrites: boolean) {
  const explained = explain(claimed, body, capability, service, null, askWrites)
  const canonical = canonicalise(claimed, service)
  if ('refused' in canonical || explained.request === null)
    return { effect: explained.decision, reason: explained.reason, request: null, body: null }
  const { request } = canonical
  const decided = decideCall(request, body, capability, service, askWrites)
  // SECURITY: `explain` must answer with what the broker runs.
  expect(explained).toMatchObject({
    decision: decided.decision.effect,
    reason: decided.decision.reason,
    rule: decided.decision.rule,
  })
  expect(explained.request).toEqual({
    method: request.method,
    url: request.url,
    headers: Object.fromEntries(request.headers),
  })
  return {
    effect: explained.decision,
    reason: explained.reason,
    request: {
      method: request.method,
      url: request.url,
      path: request.path,
      query: request.query,
      headers: request.headers,
    },
    body: explained.decision === 'deny' ? null : decided.body,
  }
}

/** Lets queries and mutations through alike, so that what tells them apart is the wish to be asked before writes. */
const GRAPHQL: World = {
  service: exampleService(),
  capability: exampleCapability(['allow POST /v1/**'], {
    body: (['query', 'mutation'] as const).map((kind) => ({
      op: 'graphql',
      kind,
      fields: null,
      names: null,
    })),
  }),
}

/** Of what kind an ask is that was not denied, as the counts below name it. */
function reading({ method }: GeneratedAsk, effect: string, { capability }: World): string {
  const graphql = capability.body.some(({ op }) => op === 'graphql') ? 'graphql ' : ''
  return `${graphql}${method.toUpperCase()} ${effect}`
}

test('the host and a decision procedure written apart from it agree on every generated request, and on what of it is sent', () => {
  const counts: Record<string, number> = { allow: 0, ask: 0, deny: 0 }
  const kinds: Record<string, number> = {}
  const wished: Record<string, number> = {}
  fc.assert(
    fc.property(
      fc.oneof(
        { weight: 7, arbitrary: worlds(ORIGIN, null) },
        { weight: 1, arbitrary: fc.constant(GRAPHQL) },
      ),
      fc.array(asks(ORIGIN), { minLength: 8, maxLength: 8 }),
      fc.boolean(),
      (world, many, askWrites) => {
        for (const ask of many) {
          const opinion = oracleAnswer(ask, world, askWrites)
          const { body, reason, ...ours } = answer(ask, world, askWrites)
          expect(ours).toEqual({ effect: opinion.effect, request: opinion.request })
          if (opinion.body instanceof Uint8Array || opinion.body === null) expect(body).toEqual(opinion.body)
          else expect(oracleJson(body ?? new Uint8Array())).toEqual(opinion.body)
          if (askWrites && ours.effect !== 'deny') {
            const read = reading(ask, ours.effect, world)
            wished[read] = (wished[read] ?? 0) + 1
          }
          // What a rule lets through, the wish aside.
          const effect = reason === 'write-ask' ? 'allow' : ours.effect
          counts[effect] = (counts[effect] ?? 0) + 1
          if (ours.effect === 'allow' && body !== null && world.capability.body.length > 0) {
            const type =
              ask.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1].split(';')[0] ?? ''
            const kind = world.capability.body.some(({ op }) => op === 'graphql') ? 'graphql' : type
            kinds[kind] = (kinds[kind] ?? 0) + 1
          }
        }
      },
    ),
    { numRuns: RUNS / 4 },
  )
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0)
  done('generated requests decided alike by the host and a second procedure', all)
  done('of these allowed', counts.allow ?? 0)
  // The generator must make what rules let through, of every kind, not only what they stop.
  expect(counts.allow).toBeGreaterThan(all / 20)
  expect(counts.ask).toBeGreaterThan(all / 200)
  // Under the wish to be asked before writes: reads that go through, by method and by GraphQL, and writes that are asked about.
  for (const kind of ['GET allow', 'POST ask', 'DELETE ask', 'graphql POST allow', 'graphql POST ask'])
    expect([kind, wished[kind] ?? 0]).toEqual([kind, expect.toSatisfy((count: number) => count > 0)])
  for (const kind of [
    'application/json',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'graphql',
  ])
    expect([kind, kinds[kind] ?? 0]).toEqual([kind, expect.toSatisfy((count: number) => count > 0)])
})
