import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { endSession } from '../../native-host/sessions/sessions.ts'
import { putSecret } from '../../native-host/store/services.ts'
import { raiseLock } from '../../native-host/vault/lock.ts'
import { eventually } from '../support/eventually.ts'
import { done, times } from '../support/hard.ts'
import { CLIENT_SECRET, clientCredentials, mintedWorld } from './minted-fixture.ts'

/** The real host process with a service whose token has to be minted first. */
const world = mintedWorld()

/** A gate: requests for tokens wait at it until it opens. */
function gate() {
  const { promise, resolve: open } = Promise.withResolvers<void>()
  world.api.refuse = () => promise.then(() => null)
  return open
}
const waiting = (requests: number) =>
  eventually(
    'the token was asked for',
    () => world.api.asked.length,
    (asked) => asked === requests,
  )

test('many calls at once ask for one token, and all of them are sent with it', async () => {
  const { ask } = await world.connected()
  const open = gate()
  const calls = Array.from({ length: times(20, 200) }, (_, nth) => ask(`/v1/${nth}`))
  await waiting(1)
  open()
  for (const call of calls) {
    expect((await call.head()).status).toBe(200)
    expect((await call.ended()).type).toBe('end')
  }
  expect(world.api.calls()).toBe(calls.length)
  done('calls that waited for one token', world.api.calls())
  expect(world.api.asked).toHaveLength(1)
  expect(world.api.given).toHaveLength(1)
  const [{ form, authorization } = { form: new URLSearchParams(), authorization: null }] = world.api.asked
  expect(Object.fromEntries(form)).toEqual({ grant_type: 'client_credentials' })
  expect(authorization).toBe(`Basic ${Buffer.from(`client-1:${CLIENT_SECRET}`).toString('base64')}`)
  expect(world.acts()).toEqual(['token.mint'])
})

test('several processes ask for one token', async () => {
  const hosts = await Promise.all([world.connected(), world.connected(), world.connected()])
  const open = gate()
  const calls = hosts.flatMap(({ ask }) => [ask('/v1/a'), ask('/v1/b')])
  await waiting(1)
  open()
  for (const call of calls) expect((await call.head()).status).toBe(200)
  expect(world.api.asked).toHaveLength(1)
})

test('a token outlives the process that got it, and lies in no file in clear', async () => {
  const first = await world.connected()
  await first.ask('/v1/a').text()
  await first.host.close()
  const second = await world.connected()
  await second.ask('/v1/b').text()
  expect(world.api.asked).toHaveLength(1)
  const { home } = world.vault
  for (const name of readdirSync(home)) {
    if (name.endsWith('.sock')) continue
    expect(readFileSync(join(home, name)).includes(world.api.given[0] ?? 'none')).toBe(false)
  }
})

test('what the service echoes of a token, also of the one before, reaches no page', async () => {
  const { ask } = await world.connected()
  await ask('/v1/a').text()
  world.api.live.clear()
  // The second of these was never sent the first token itself.
  for (const path of ['/v1/b?all', '/v1/c?all']) {
    expect(JSON.parse(await ask(path).text())).toEqual({
      token: '[redacted]',
      all: ['[redacted]', '[redacted]'],
      body: '',
    })
  }
  expect(world.api.given).toHaveLength(2)
})

test('a token at its end is replaced; one without a stated end is not', async () => {
  const { ask } = await world.connected()
  world.api.lifetime = 0
  await ask('/v1/a').text()
  world.api.lifetime = null
  await ask('/v1/b').text()
  await ask('/v1/c').text()
  expect(world.api.asked).toHaveLength(2)
})

test('a server whose clock is five minutes off gives tokens that are used as long as ours says', async () => {
  for (const minutes of [5, -5]) {
    world.api.ahead = minutes * 60_000
    world.api.lifetime = 240
    putSecret(world.vault.store, world.vault.keys, 'api', 'client-secret', Buffer.from(`changed-${minutes}`))
    const { ask } = await world.connected()
    const before = world.api.asked.length
    await ask('/v1/a').text()
    await ask('/v1/b').text()
    expect(world.api.asked.length - before).toBe(1)
  }
})

test('a service that says 401 to an old token is asked once more with a new one', async () => {
  const { ask } = await world.connected()
  await ask('/v1/a').text()
  world.api.live.clear()
  const body = '{"kept":true}'
  const call = ask('/v1/b', { method: 'POST', body, headers: [['content-type', 'application/json']] })
  expect(JSON.parse(await call.text())).toMatchObject({ body })
  expect((await call.head()).status).toBe(200)
  expect(world.api.asked).toHaveLength(2)
  expect(world.api.calls()).toBe(3)
  expect(world.acts()).toEqual(['token.mint', 'token.give-up', 'token.mint'])
})

test('a service that says 401 to every token gets each call at most twice and is not asked for ever', async () => {
  const { ask } = await world.connected()
  await ask('/v1/a').text()
  world.api.live.add = () => world.api.live
  world.api.live.clear()
  try {
    for (let nth = 0; nth < 5; nth++) {
      expect((await ask('/v1/b').head()).status).toBe(401)
    }
  } finally {
    Reflect.deleteProperty(world.api.live, 'add')
  }
  expect(world.api.asked).toHaveLength(2)
  expect(world.api.calls()).toBe(1 + 2 + 4)
})

test('a body that streams past is not sent twice: the page gets the 401, the next call a new token', async () => {
  const { host, ask } = await world.connected()
  await ask('/v1/a').text()
  world.api.live.clear()
  const document = (await host.document({ origin: 'https://agent.example' })).id
  const id = host.id()
  const url = `${world.api.server.url}/v1/stream`
  host.send({
    type: 'ask',
    id,
    document,
    method: 'POST',
    url,
    headers: [],
    hasBody: true,
    bodyLength: null,
    redirect: 'follow',
  })
  host.send({ type: 'body', id, base64: Buffer.from('once').toString('base64') })
  host.send({ type: 'body-end', id })
  const head = await host.next<{ type: 'head'; id: number; status: number } & never>(
    (frame) => frame.type === 'head' && frame.id === id,
  )
  expect((head as { status: number }).status).toBe(401)
  expect((await ask('/v1/b').head()).status).toBe(200)
  expect(world.api.asked).toHaveLength(2)
})

/** Another secret, so that what was refused before is tried again. */
const changeSecret = (to: string) =>
  putSecret(
    world.vault.store,
    world.vault.keys,
    'api',
    'client-secret',
    Buffer.from(`${CLIENT_SECRET}-${to}`),
  )

test('a token server that says no is a problem of its own: nothing is sent, and it is asked once', async () => {
  const { ask } = await world.connected()
  const refusals = {
    invalid_client: 'token-invalid-client',
    invalid_grant: 'token-invalid-grant',
    'something-else': 'token-refused',
  }
  for (const [error, reason] of Object.entries(refusals)) {
    changeSecret(error)
    world.api.asked.length = 0
    world.api.refuse = () => ({ error, error_description: `because of ${CLIENT_SECRET}` })
    for (let nth = 0; nth < 3; nth++) {
      expect(await ask('/v1/a').ended()).toMatchObject({ type: 'problem', code: 'credential-unavailable' })
      expect(world.problems().at(-1)).toBe(reason)
    }
    // A page that tries again at once does not become as many requests.
    expect(world.api.asked).toHaveLength(1)
  }
  expect(world.api.calls()).toBe(0)
})

test('another secret is tried at once where the one before was refused', async () => {
  const { ask } = await world.connected()
  world.api.refuse = () => ({ error: 'invalid_client' })
  await ask('/v1/a').ended()
  world.api.refuse = () => null
  putSecret(world.vault.store, world.vault.keys, 'api', 'client-secret', Buffer.from(`${CLIENT_SECRET}-new`))
  expect((await ask('/v1/a').head()).status).toBe(200)
})

test('an answer that is no usable token gives none, and no redirect is followed', async () => {
  const { ask } = await world.connected()
  const good = { access_token: 'minted-1234567', token_type: 'bearer' }
  const answers: [status: number, body: string, reason: string][] = [
    [302, '{"access_token":"minted-1234567","token_type":"bearer"}', 'token-malformed'],
    [503, '{"access_token":"minted-1234567","token_type":"bearer"}', 'token-unreachable'],
    [429, '{"access_token":"minted-1234567","token_type":"bearer"}', 'token-limited'],
    [200, JSON.stringify({ ...good, padding: 'x'.repeat(100_000) }), 'token-malformed'],
    [200, 'hello', 'token-malformed'],
    [200, '{"access_token":"a\\r\\nx-evil: 1234","token_type":"bearer"}', 'token-malformed'],
    [200, '{"access_token":"minted-1234567","token_type":"mac"}', 'token-malformed'],
  ]
  for (const [nth, [status, body, reason]] of answers.entries()) {
    changeSecret(`${nth}`)
    world.api.refuse = (_form, response) => {
      const headers = { 'content-type': 'application/json', location: `${world.api.server.url}/v1/elsewhere` }
      response.writeHead(status, headers).end(body)
      return 'answered'
    }
    expect(await ask('/v1/a').ended()).toMatchObject({ code: 'credential-unavailable' })
    expect(world.problems().at(-1)).toBe(reason)
  }
  expect(world.api.calls()).toBe(0)
})

test('a call that is denied asks for no token', async () => {
  const { ask } = await world.connected()
  expect(await ask('/v1/a', { method: 'DELETE' }).ended()).toMatchObject({ code: 'denied' })
  expect(world.api.asked).toEqual([])
})

test('a session that is revoked while its token is asked for sends nothing', async () => {
  const { ask, session } = await world.connected()
  const open = gate()
  const call = ask('/v1/a')
  await waiting(1)
  endSession(world.vault.store, world.vault.keys, session, 'revoked', Date.now())
  expect(await call.ended()).toMatchObject({ code: 'session-ended' })
  open()
  await eventually('the request was let go', world.problems, (ends) => ends.length === 1)
  expect(world.api.calls()).toBe(0)
  // Nobody waited for it any more.
  expect(world.api.server.journal.last.outcome).toBe('cut')
})

test('one page that leaves takes no token from another that waits for it', async () => {
  const { ask } = await world.connected()
  const open = gate()
  const [gone, stays] = [ask('/v1/gone'), ask('/v1/stays')]
  await waiting(1)
  gone.cancel()
  await eventually('it is over', world.problems, (ends) => ends.length === 1)
  open()
  expect((await stays.head()).status).toBe(200)
  expect(world.api.asked).toHaveLength(1)
})

test('a vault that is locked while a token is asked for keeps and sends nothing', async () => {
  const { host, ask } = await world.connected()
  const open = gate()
  ask('/v1/a')
  await waiting(1)
  raiseLock(world.vault.store)
  await host.exited
  open()
  expect(world.api.calls()).toBe(0)
  expect(world.vault.store.get('SELECT count(*) AS n FROM minted_tokens WHERE version > 1')?.n).toBe(0)
})

test('a process that is killed while it asks keeps others waiting no longer than its turn', async () => {
  const first = await world.connected()
  const open = gate()
  first.ask('/v1/a')
  await waiting(1)
  first.host.process.kill('SIGKILL')
  await first.host.exited
  open()
  world.vault.store.run('UPDATE minted_tokens SET lease_until = ?', Date.now() - 1)
  const second = await world.connected()
  expect((await second.ask('/v1/b').head()).status).toBe(200)
})

test('client id and secret go into the form where the server wants them there, with scope and audience', async () => {
  const over = { clientAuth: 'post', scope: 'read write', audience: 'https://api.test/' }
  world.service(clientCredentials(world.api.tokenUrl, over), { 'client-secret': CLIENT_SECRET })
  const { ask } = await world.connected()
  await ask('/v1/a').text()
  expect(world.api.asked[0]?.authorization).toBeNull()
  expect(Object.fromEntries(world.api.asked[0]?.form ?? [])).toEqual({
    grant_type: 'client_credentials',
    client_id: 'client-1',
    client_secret: CLIENT_SECRET,
    scope: 'read write',
    audience: 'https://api.test/',
  })
})
