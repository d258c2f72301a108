import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalise } from '../../native-host/policy/canonical.ts'
import { decideCall } from '../../native-host/policy/decide-call.ts'
import { explain } from '../../native-host/policy/explain.ts'
import { done, times } from '../support/hard.ts'
import { oracleAnswer } from './oracle-decision.ts'
import { oracleJson } from './oracle-json.ts'
import { asks, type GeneratedAsk } from './policy-asks.ts'
import { type World, worlds } from './policy-world.ts'

const ORIGIN = 'https://api.example.com'
const RUNS = times(8000, 100_000)

/** What the product makes of an ask, in the words of the second opinion. */
function answer({ body, ...claimed }: GeneratedAsk, { capability, service }: World) {
  const explained = explain(claimed, body, capability, service)
  const canonical = canonicalise(claimed, service)
  if ('refused' in canonical || explained.request === null)
    return { effect: explained.decision, request: null, body: null }
  const { request } = canonical
  const decided = decideCall(request, body, capability, service)
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

test('the host and a decision procedure written apart from it agree on every generated request, and on what of it is sent', () => {
  const counts: Record<string, number> = { allow: 0, ask: 0, deny: 0 }
  const kinds: Record<string, number> = {}
  fc.assert(
    fc.property(
      worlds(ORIGIN, null),
      fc.array(asks(ORIGIN), { minLength: 8, maxLength: 8 }),
      (world, many) => {
        for (const ask of many) {
          const opinion = oracleAnswer(ask, world)
          const { body, ...ours } = answer(ask, world)
          expect(ours).toEqual({ effect: opinion.effect, request: opinion.request })
          if (opinion.body instanceof Uint8Array || opinion.body === null) expect(body).toEqual(opinion.body)
          else expect(oracleJson(body ?? new Uint8Array())).toEqual(opinion.body)
          counts[ours.effect] = (counts[ours.effect] ?? 0) + 1
          if (ours.effect === 'allow' && body !== null && world.capability.body.length > 0) {
            const type =
              ask.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1].split(';')[0] ?? ''
            const kind = world.capability.body.some(({ op }) => op === 'graphql') ? 'graphql' : type
            kinds[kind] = (kinds[kind] ?? 0) + 1
          }
        }
      },
    ),
    { numRuns: RUNS / 8 },
  )
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0)
  done('generated requests decided alike by the host and a second procedure', all)
  done('of these allowed', counts.allow ?? 0)
  // The generator must make what rules let through, of every kind, not only what they stop.
  expect(counts.allow).toBeGreaterThan(all / 20)
  expect(counts.ask).toBeGreaterThan(all / 200)
  for (const kind of [
    'application/json',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'graphql',
  ])
    expect([kind, kinds[kind] ?? 0]).toEqual([kind, expect.toSatisfy((count: number) => count > 0)])
})
