import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Permit, recordOwnerCall } from '../../native-host/audit/permit.ts'
import { MINTED } from '../../native-host/auth/minting.ts'
import type { Outbound } from '../../native-host/auth/outbound.ts'
import type { MintContext } from '../../native-host/minting/context.ts'
import { Flights, type UnderWay } from '../../native-host/minting/flights.ts'
import { isGood, span } from '../../native-host/minting/kept-token.ts'
import { secretsFor } from '../../native-host/minting/secrets-for.ts'
import { putSecret, putService } from '../../native-host/store/services.ts'
import type { SendOptions } from '../../native-host/upstream/send.ts'
import { raiseLock } from '../../native-host/vault/lock.ts'
import { takeSecrets } from '../../native-host/vault/take-secrets.ts'
import type { Auth } from '../../shared/model/service.ts'
import { exampleService } from '../support/examples.ts'
import { callRecord, openVault, type VaultFixture } from './vault-fixture.ts'

const AUTH: Auth = {
  kind: 'oauth2-refresh',
  clientId: 'c',
  tokenUrl: 'https://tokens.example/token',
  scope: null,
  clientAuth: 'basic',
  secret: 'refresh-token',
  clientSecret: 'client-secret',
}
const SERVICE = exampleService({ auth: [{ paths: ['/**'], auth: AUTH }] })

let vault: VaultFixture
let sent: string[]
/** Stands where the network is, so that what happens right before a byte leaves can be arranged. */
let before: (options: SendOptions) => void
let context: MintContext

beforeEach(() => {
  vault = openVault()
  putService(vault.store, vault.keys, SERVICE)
  putSecret(vault.store, vault.keys, SERVICE.id, 'refresh-token', Buffer.from('refresh-token-1'))
  sent = []
  before = () => {}
  context = {
    store: vault.store,
    keys: vault.keys,
    now: Date.now,
    look: () => {},
    elsewhere: new Map(),
    upstream: { send: answer, drop: () => {}, close: () => Promise.resolve(), warm: () => Promise.resolve() },
  }
})
afterEach(() => vault.remove())

async function answer(outbound: Outbound, _service: unknown, options: SendOptions) {
  before(options)
  options.lastLook?.()
  options.signal.throwIfAborted()
  options.leaving?.()
  const form = new URLSearchParams(Buffer.from(outbound.body as Uint8Array).toString())
  sent.push(form.get('refresh_token') ?? '')
  const next = `refresh-token-${sent.length + 1}`
  const body = { access_token: `minted-token-${sent.length}`, token_type: 'bearer', refresh_token: next }
  const headers: [string, string][] = [['content-type', 'application/json']]
  const bytes = (async function* () {
    yield Buffer.from(JSON.stringify(body))
  })()
  return { status: 200, statusText: 'OK', headers, body: bytes, destroy: () => {} }
}

function permit(): Permit {
  const record = callRecord({ kind: 'intent', session: null, capability: null, service: SERVICE.id })
  const made = recordOwnerCall(vault.store, vault.keys, { service: SERVICE.id, capability: null, record })
  if ('refused' in made) throw new Error(made.refused)
  return made
}
const ready = (signal = new AbortController().signal) => secretsFor(context, permit(), SERVICE, AUTH, signal)
const tokenOf = async (made: ReturnType<typeof ready>) =>
  Buffer.from((await made).secrets.get(MINTED)?.reveal() ?? []).toString()
const kept = () =>
  vault.store.get('SELECT max(version) AS version, max(lease_holder) AS lease_holder FROM minted_tokens')

test('whoever lost its turn while it slept sends nothing: no refresh token goes out twice', async () => {
  before = () => vault.store.run("UPDATE minted_tokens SET lease_holder = 'another process'")
  await expect(ready()).rejects.toMatchObject({ code: 'credential-unavailable', reason: 'token-timeout' })
  expect(sent).toEqual([])
  // The other one's turn is not taken from it.
  expect(kept()).toMatchObject({ version: 1, lease_holder: 'another process' })
})

test('a turn that is over is taken by the next, also where the clock was set back meanwhile', async () => {
  await ready()
  for (const until of [Date.now() - 1, Date.now() + 3_600_000]) {
    // The row of the turn, which never has a token.
    vault.store.run(
      "UPDATE minted_tokens SET lease_holder = 'dead', lease_until = ? WHERE version = 1",
      until,
    )
    putSecret(vault.store, vault.keys, SERVICE.id, 'refresh-token', Buffer.from(`given-by-owner-${until}`))
    expect(await tokenOf(ready())).toMatch(/^minted-token-/)
    expect(kept()).toMatchObject({ lease_holder: null })
  }
})

test('a call that is over by the last look asks for nothing', async () => {
  const call = new AbortController()
  context = { ...context, look: () => call.abort(new Error('revoked')) }
  await expect(ready(call.signal)).rejects.toThrow('revoked')
  expect(sent).toEqual([])
})

test('a vault that is locked before the token is kept keeps none', async () => {
  const [first, second] = [permit(), permit()]
  const askWith = (given: Permit) => secretsFor(context, given, SERVICE, AUTH, new AbortController().signal)
  before = () => raiseLock(vault.store)
  await expect(askWith(first)).rejects.toMatchObject({ code: 'vault-locked' })
  expect(kept()).toMatchObject({ version: 1 })
  // Nor is one asked for after.
  sent = []
  await expect(askWith(second)).rejects.toMatchObject({ code: 'vault-locked' })
  expect(sent).toEqual([])
})

test('a secret that the owner replaces while a token is asked for stays, and that token is for nobody later', async () => {
  before = () => {
    putSecret(vault.store, vault.keys, SERVICE.id, 'refresh-token', Buffer.from('given-by-owner'))
  }
  expect(await tokenOf(ready())).toBe('minted-token-1')
  before = () => {}
  expect(await tokenOf(ready())).toBe('minted-token-2')
  expect(sent).toEqual(['refresh-token-1', 'given-by-owner'])
})

test('a refresh token that the server replaced is kept also where the owner replaces another secret meanwhile', async () => {
  const stored = () => takeSecrets(vault.store, vault.keys, permit(), SERVICE.id)
  const put = (name: string, text: string) =>
    putSecret(vault.store, vault.keys, SERVICE.id, name, Buffer.from(text))
  put('client-secret', 'client-secret-1')
  before = () => put('client-secret', 'client-secret-2')
  expect(await tokenOf(ready())).toBe('minted-token-1')
  const texts = [...stored()].map(([name, secret]) => [name, Buffer.from(secret.reveal()).toString()])
  expect(Object.fromEntries(texts)).toEqual({
    'refresh-token': 'refresh-token-2',
    'client-secret': 'client-secret-2',
  })
  // Made for a client that the owner has replaced: for nobody later.
  before = () => {}
  expect(await tokenOf(ready())).toBe('minted-token-2')
  expect(sent).toEqual(['refresh-token-1', 'refresh-token-2'])
})

test('no permit for the service, no token', async () => {
  await ready()
  const other = { ...permit(), service: SERVICE.id } as Permit
  await expect(secretsFor(context, other, SERVICE, AUTH, new AbortController().signal)).rejects.toThrow(
    /no permit/,
  )
})

describe('how long a token is used', () => {
  const token = (seconds: number | null) => {
    return { token: 't', askedAt: 1_000_000, expiresAt: 1_000_000 + span(seconds), madeFrom: 'x' }
  }
  test.each<[number | null, number, boolean]>([
    [3600, 0, true],
    [3600, 3_539_000, true],
    [3600, 3_541_000, false],
    // Of a short life the last fifth.
    [100, 79_000, true],
    [100, 81_000, false],
    [0, 0, false],
    [-5, 0, false],
    [null, 3_000_000, true],
    [null, 3_600_000, false],
    [10 ** 12, 86_000_000, true],
    [10 ** 12, 86_400_000, false],
    // A clock that was set back.
    [3600, -1, false],
  ])('said to live %s seconds, after %d ms: %s', (seconds, after, good) => {
    expect(isGood(token(seconds), 'x', 1_000_000 + after)).toBe(good)
    expect(isGood(token(seconds), 'y', 1_000_000 + after)).toBe(false)
  })
})

describe('work that many wait for', () => {
  test('is done once, and anew when it is over', async () => {
    const flights = new Flights<number>()
    const signal = new AbortController().signal
    let begun = 0
    const work = async () => ++begun
    expect(await Promise.all([1, 2, 3].map(() => flights.join('a', signal, work)))).toEqual([1, 1, 1])
    expect(await flights.join('b', signal, work)).toBe(2)
    expect(await flights.join('a', signal, work)).toBe(3)
  })

  test('goes on while one is left, and is aborted when the last leaves', async () => {
    const flights = new Flights<number>()
    const [one, two] = [new AbortController(), new AbortController()]
    let end: AbortSignal | null = null
    const work = ({ signal }: UnderWay) => {
      end = signal
      return new Promise<number>((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason)),
      )
    }
    const first = flights.join('a', one.signal, work)
    const second = flights.join('a', two.signal, work)
    const left = [expect(first).rejects.toThrow('one'), expect(second).rejects.toThrow('two')]
    one.abort(new Error('one'))
    await left[0]
    expect(end).toMatchObject({ aborted: false })
    two.abort(new Error('two'))
    await left[1]
    expect(end).toMatchObject({ aborted: true })
    await expect(flights.join('a', one.signal, work)).rejects.toThrow('one')
  })

  test('that must land goes on for nobody, and for whoever comes meanwhile', async () => {
    const flights = new Flights<number>()
    const [gone, comes] = [new AbortController(), new AbortController()]
    const { promise, resolve: land } = Promise.withResolvers<number>()
    let end: AbortSignal | null = null
    const left = flights.join('a', gone.signal, ({ signal, mustLand }) => {
      end = signal
      mustLand()
      return promise
    })
    gone.abort(new Error('gone'))
    await expect(left).rejects.toThrow('gone')
    expect(end).toMatchObject({ aborted: false })
    const joined = flights.join('a', comes.signal, () => Promise.reject(new Error('begun anew')))
    land(7)
    expect(await joined).toBe(7)
  })
})
