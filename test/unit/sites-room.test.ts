import { describe, expect, test } from 'vitest'
import { isUnused, searched, UNUSED_MS, usedGrants } from '../../extension/control/sites/site-use.ts'
import type { Grant } from '../../shared/model/grant.ts'
import { session } from '../support/ui-stage/staged-worlds.ts'

const NOW = 1_800_000_000_000
const DAY = 86_400_000
const grant = (id: string, part: Partial<Grant> = {}): Grant => {
  const origin = `https://${id}.example`
  const given = { ttl: 60, createdAt: NOW - 100 * DAY, askWrites: false }
  return { id, origin, topOrigin: origin, capability: 'chat', ...given, ...part }
}
const use = (uses: Record<string, number>, since = NOW - 60 * DAY) => {
  return { since, uses: Object.entries(uses).map(([id, at]) => ({ grant: id, at })) }
}

describe('the use of a grant', () => {
  test('is the latest of the log and of its sessions, and the one used last stands first', () => {
    const live = session({ grant: 'b', lastUsedAt: NOW, requests: 1 })
    const idle = session({ grant: 'c', lastUsedAt: NOW, requests: 0 })
    const all = usedGrants(
      [grant('a'), grant('b'), grant('c')],
      [live, idle],
      use({ a: NOW - DAY, b: NOW - 9 * DAY }),
    )
    expect(all.map((each) => [each.grant.id, each.lastUsedAt])).toEqual([
      ['b', NOW],
      ['a', NOW - DAY],
      ['c', null],
    ])
    expect(all[0]?.live).toEqual([live])
  })

  test.each<[string, Partial<Grant>, number | null, number, boolean]>([
    ['used long ago', {}, NOW - 31 * DAY, NOW - 60 * DAY, true],
    ['never used', {}, null, NOW - 60 * DAY, true],
    ['used of late', {}, NOW - 29 * DAY, NOW - 60 * DAY, false],
    ['given of late', { createdAt: NOW - DAY }, null, NOW - 60 * DAY, false],
    ['of whose use too little is known', {}, null, NOW - 29 * DAY, false],
  ])('one %s', (_, part, at, since, expected) => {
    const [only] = usedGrants([grant('a', part)], [], use(at === null ? {} : { a: at }, since))
    expect(only && isUnused(only, NOW)).toBe(expected)
  })

  test('is unknown until the log was looked at, and then nothing is suggested', () => {
    const [only] = usedGrants([grant('a')], [], null)
    expect(only && isUnused(only, NOW)).toBe(false)
  })

  test('one with a live session is never suggested', () => {
    const live = session({ grant: 'a', requests: 0 })
    const [only] = usedGrants([grant('a')], [live], use({}))
    expect(only && isUnused(only, NOW + 2 * UNUSED_MS)).toBe(false)
  })
})

test('sites are found by any part of their origin, also of the page they are in', () => {
  const all = usedGrants([grant('shop', { topOrigin: 'https://portal.example' }), grant('bank')], [], null)
  const found = (text: string) => searched(all, text).map((each) => each.grant.id)
  expect(found(' BANK.ex ')).toEqual(['bank'])
  expect(found('portal')).toEqual(['shop'])
  expect(found('')).toHaveLength(2)
  expect(found('nobody')).toEqual([])
})
