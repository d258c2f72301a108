import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readOwnerFrame } from '../../extension/ui/owner-frame.ts'
import { VaultStateSchema } from '../../shared/protocol/native-frames.ts'
import { OwnerFrameToPageSchema, type OwnerState } from '../../shared/protocol/owner-port.ts'

const state: OwnerState = {
  host: 'connected',
  hostVersion: '1.2.3',
  hostProtocol: 1,
  vault: 'unlocked',
  live: 2,
  inFlight: 1,
  approvals: 0,
  paused: false,
}
const HOSTS = ['connecting', 'connected', 'missing', 'forbidden', 'mismatch', 'exited']
const good: Record<string, unknown>[] = [
  { state },
  { state: { ...state, host: 'missing', hostVersion: null, hostProtocol: null, vault: null } },
  { changed: true },
  { changed: 'traffic' },
  { id: 1, value: null },
  { id: 2, value: { any: ['thing'] } },
  { id: Number.MAX_SAFE_INTEGER, refusal: { code: 'denied', message: 'a sentence' } },
  { id: 3, refusal: { code: 'denied', message: 'no `x`', said: { text: 'no `$1`', values: ['x'] } } },
  { id: 4, refusal: { code: 'a', message: 'b', said: { text: '$1', values: [{ text: 'b', values: [] }] } } },
]
const names = ['id', 'value', 'refusal', 'state', 'changed', 'code', 'message', 'more']
const parts = ['code', 'message', 'said', 'more', ...Object.keys(state)]

const odd = fc.oneof(
  fc.constantFrom<unknown>(
    ...[undefined, null, '', 'x', true, false, 0, 1, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY],
    ...[
      Number.MAX_SAFE_INTEGER,
      Number.MAX_SAFE_INTEGER + 1,
      '1',
      'traffic',
      [],
      {},
      [1],
      'toString',
      '__proto__',
    ],
    ...[...HOSTS, ...(VaultStateSchema.def.entries ? Object.keys(VaultStateSchema.def.entries) : [])],
    ...[state, { code: 'a', message: 'b' }, { text: 'a', values: [1] }, { text: 'a', values: [], more: 1 }],
    ...[
      { text: 'a', values: [{ text: 'b' }] },
      { text: 'a', values: ['b', { text: 'c', values: ['d'] }] },
    ],
  ),
  fc.anything(),
)

/** One that is right, with a field of it or of what is in it removed or something else. */
const changed = fc
  .tuple(
    fc.constantFrom(...good),
    fc.constantFrom(...names),
    fc.constantFrom('', ...parts),
    odd,
    fc.boolean(),
  )
  .map(([frame, name, part, value, removed]) => {
    const inner = frame[name]
    if (part === '' || typeof inner !== 'object' || inner === null)
      return without(frame, name, removed, value)
    return { ...frame, [name]: without(inner as Record<string, unknown>, part, removed, value) }
  })

function without(of: Record<string, unknown>, name: string, removed: boolean, value: unknown): unknown {
  const { [name]: _, ...rest } = of
  return removed ? rest : { ...of, [name]: value }
}

function bySchema(frame: unknown): unknown {
  const parsed = OwnerFrameToPageSchema.safeParse(frame)
  return parsed.success ? parsed.data : null
}

test('every frame that background/ sends is taken', () => {
  for (const frame of good) expect(readOwnerFrame(frame)).toEqual(frame)
  for (const host of HOSTS) expect(readOwnerFrame({ state: { ...state, host } })).not.toBeNull()
})

test('the check by hand agrees with the schema of the wire, and lets through what that does', () => {
  const frames = fc.oneof({ arbitrary: changed, weight: 9 }, { arbitrary: fc.anything(), weight: 1 })
  fc.assert(
    fc.property(frames, (frame) => {
      expect(readOwnerFrame(frame)).toEqual(bySchema(frame))
    }),
    { numRuns: 2000 },
  )
})

test('a field of a state that nobody checked goes no further', () => {
  expect(readOwnerFrame({ state: { ...state, note: 'of another version' } })).toEqual({ state })
})

test.each([
  [{ text: 'a', values: [{ text: 'b' }] }],
  [{ text: 'a', values: [{ text: 'b', values: [{ text: 'c', values: [1] }] }] }],
  [{ text: 'a', values: [], more: 1 }],
  [{ text: 'a', values: [null] }],
])('a sentence with %j in it is no sentence, however deep', (said) => {
  const frame = { id: 1, refusal: { code: 'denied', message: 'no', said } }
  expect(readOwnerFrame(frame)).toBeNull()
  expect(bySchema(frame)).toBeNull()
})
