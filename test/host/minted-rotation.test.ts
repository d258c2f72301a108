import { beforeEach, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { mintedWorld, refreshing } from './minted-fixture.ts'

/** The real host process with a service whose server replaces the refresh token at each use. */
const world = mintedWorld()
const FIRST = 'refresh-token-of-the-owner-0001'

beforeEach(() => {
  world.api.refreshToken = FIRST
  world.service(refreshing(world.api.tokenUrl), { 'refresh-token': FIRST })
})

/** A gate: requests for tokens wait at it until it opens. */
function gate() {
  const { promise, resolve: open } = Promise.withResolvers<void>()
  world.api.refuse = () => promise.then(() => null)
  return open
}
const waiting = () =>
  eventually(
    'a token was asked for',
    () => world.api.asked.length,
    (asked) => asked > 0,
  )

test('a page that leaves while the server answers loses its owner no refresh token', async () => {
  const { ask } = await world.connected()
  const open = gate()
  const call = ask('/v1/gone')
  await waiting()
  call.cancel()
  await eventually('the call is over', world.problems, (ends) => ends.length === 1)
  // Whoever comes now waits for the same answer.
  const next = ask('/v1/next')
  open()
  expect((await next.ended()).type).toBe('end')
  expect(world.stored('refresh-token')).toBe(world.api.refreshToken)
  expect(world.api.asked).toHaveLength(1)
  expect(world.acts()).toEqual(['token.mint', 'token.rotate'])
})

test('a service that says 401 to every token has its owner’s refresh token used no more often', async () => {
  const { ask } = await world.connected()
  await ask('/v1/a').text()
  world.api.live.add = () => world.api.live
  world.api.live.clear()
  try {
    for (let nth = 0; nth < 5; nth++) expect((await ask('/v1/b').head()).status).toBe(401)
  } finally {
    Reflect.deleteProperty(world.api.live, 'add')
  }
  expect(world.api.asked).toHaveLength(2)
  expect(world.api.calls()).toBe(1 + 2 + 4)
  expect(world.stored('refresh-token')).toBe(world.api.refreshToken)
})

test('a token that lives a part of a second longer is kept, and the new refresh token with it', async () => {
  world.api.lifetime = 3599.87654
  const { ask } = await world.connected()
  for (const path of ['/v1/a', '/v1/b']) expect((await ask(path).ended()).type).toBe('end')
  expect(world.stored('refresh-token')).toBe(world.api.refreshToken)
  expect(world.api.asked).toHaveLength(1)
})

test('two schemes with one refresh token use it one after the other, and neither ends the other’s token', async () => {
  const scheme = (path: string, scope: string) => {
    return { paths: [path], auth: refreshing(world.api.tokenUrl, { scope }) }
  }
  world.service([scheme('* /v1/a/**', 'one'), scheme('* /**', 'other')], { 'refresh-token': FIRST })
  const { ask } = await world.connected()
  const both = () => [ask('/v1/a/1'), ask('/v1/b/2')]
  const open = gate()
  const calls = both()
  await waiting()
  open()
  for (const call of calls) expect((await call.ended()).type).toBe('end')
  for (const call of both()) expect((await call.ended()).type).toBe('end')
  expect(world.api.asked.map(({ form }) => form.get('scope')).sort()).toEqual(['one', 'other'])
  expect(world.stored('refresh-token')).toBe(world.api.refreshToken)
})
