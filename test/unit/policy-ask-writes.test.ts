import { describe, expect, test } from 'vitest'
import { explain } from '../../native-host/policy/explain.ts'
import type { BodyRule } from '../../shared/model/capability.ts'
import { mayWrite } from '../../shared/model/reading.ts'
import { exampleCapability, exampleService } from '../support/examples.ts'
import { bytes, vectorCases } from './policy-fixture.ts'

type Case = [
  what: string,
  rules: string[],
  body: BodyRule[],
  call: string,
  text: string | null,
  decision: string,
  reason: string,
  rule: string | null,
]
const CASES = vectorCases('ask-writes.json') as Case[]

function explained([, rules, body, call, text]: Case, askWrites: boolean) {
  const [method = '', path = ''] = call.split(' ')
  const headers = text === null ? [] : [['content-type', 'application/json'] as const]
  const claimed = { method, url: `https://api.example.com${path}`, headers }
  const sent = text === null ? null : bytes(text)
  return explain(claimed, sent, exampleCapability(rules, { body }), exampleService(), null, askWrites)
}

describe('ask-writes: a site whose owner wants to be asked before each change', () => {
  test.each(CASES)('%s', (...one) => {
    const [, , , , , decision, reason, rule] = one
    expect(explained(one, true)).toMatchObject({ decision, reason, rule })
  })

  test.each(CASES)('without the wish: %s', (...one) => {
    const [, , , , , , reason] = one
    const { decision } = explained(one, false)
    if (reason === 'write-ask') expect(decision).toBe('allow')
    else expect(explained(one, false)).toEqual(explained(one, true))
  })
})

describe('whether a capability may write at all', () => {
  const query = { op: 'graphql', kind: 'query', fields: null, names: null } as const
  const mutation = { ...query, kind: 'mutation' } as const
  test.each<[boolean, string[], BodyRule[]]>([
    [false, ['allow GET,HEAD,OPTIONS /v1/**'], []],
    [true, ['allow GET,POST /v1/**'], []],
    [true, ['allow * /v1/**'], []],
    [false, ['allow GET /v1/**', 'ask POST /v1/**', 'deny DELETE /v1/**'], []],
    [false, ['allow POST /graphql'], [query]],
    [true, ['allow POST /graphql'], [query, mutation]],
    [true, ['allow POST,PUT /graphql'], [query]],
    [true, ['allow POST /graphql'], [{ op: 'present', pointer: '/query' }]],
    [false, [], []],
  ])('%s for %j with %j', (expected, rules, body) => {
    expect(mayWrite(exampleCapability(rules, { body }))).toBe(expected)
  })
})
