import { afterAll, beforeAll, expect, test } from 'vitest'
import { findCapability } from '../../native-host/store/capabilities.ts'
import { putSecret } from '../../native-host/store/services.ts'
import type { Auth } from '../../shared/model/service.ts'
import { done, times } from '../support/hard.ts'
import { type AskOptions, NativeHost } from '../support/native-host.ts'
import { OwnedVault } from '../support/owned-vault.ts'
import { hasSwift, type SwiftUpstream, startSwiftUpstream } from '../support/upstreams/swift-upstream.ts'

/** The host process against OpenStack Swift, which checks every signature and every body (`s3api`, `tempauth`). */
const SITE = 'https://agent.example'
const why = !hasSwift()
  ? 'Swift is not installed: apt-get install swift-proxy swift-account swift-container swift-object memcached'
  : times('Swift takes its time to start: run with VALETKEY_HARD=1', null)

let swift: SwiftUpstream
let vault: OwnedVault
let host: NativeHost
let document: number

beforeAll(async () => {
  if (why !== null) return
  swift = await startSwiftUpstream()
  vault = await OwnedVault.create()
  const auth = (over: Partial<Extract<Auth, { kind: 'sigv4' }>>): Auth => ({
    kind: 'sigv4',
    accessKeyId: swift.accessKeyId,
    region: 'us-east-1',
    awsService: 's3',
    style: 'header',
    secret: 'secret-access-key',
    sessionToken: 'session-token',
    ...over,
  })
  // Three services at one address would be one to the host: each answers to a name of its own.
  for (const [id, over, secret] of [
    ['good', {}, swift.secret],
    ['presigned', { style: 'query' }, swift.secret],
    ['wrong', {}, 'testingsecreT'],
    ['elsewhere', { region: 'eu-west-1' }, swift.secret],
    ['nobody', { accessKeyId: 'test:other' }, swift.secret],
  ] as const) {
    vault.addService(id, `http://${id}.test:${new URL(swift.url).port}`, secret, {
      local: { address: '127.0.0.1' },
      auth: [{ paths: ['/**'], auth: auth(over) }],
      allowHeaders: ['x-amz-meta-*'],
    })
    putSecret(vault.store, vault.keys, id, 'secret-access-key', Buffer.from(secret))
    vault.addCapability(id, id, ['* /**'])
    const capability = findCapability(vault.store, vault.keys, id)
    if (capability !== null) vault.connect(SITE, capability)
  }
  host = await NativeHost.start(vault.home)
  document = (await host.document({ origin: SITE })).id
})
afterAll(async () => {
  if (why !== null) return
  await host.close()
  await vault.remove()
  await swift.close()
})

let calls = 0
async function ask(id: string, method: string, target: string, options: AskOptions = {}) {
  const call = host.ask(document, method, `http://${id}.test:${new URL(swift.url).port}${target}`, options)
  const ended = await call.ended()
  const head = host.frames.find((frame) => frame.type === 'head' && frame.id === call.id)
  calls++
  return { ended, status: head?.type === 'head' ? head.status : null, text: call.bytes().toString() }
}
const put = (body: string, headers: [string, string][] = []): AskOptions => ({
  body,
  headers: [['content-type', 'application/octet-stream'], ...headers],
})

const NAMES = ['a', 'a%20b', 'folder/b.txt', '%E2%82%AC', 'c%2Bd', "e'(f)!*", 'g:h@i', '~x_y-z.w', '100%25']
const LISTS = [
  '',
  '?list-type=2',
  '?prefix=folder%2F&delimiter=%2F',
  '?prefix=a+b',
  '?max-keys=1&marker=',
  '?prefix=%E2%82%AC',
]

test('Swift lets in what the host signs, whatever the name, the query and the body', async ({ skip }) => {
  if (why !== null) skip(why)
  for (const id of ['good', 'presigned']) {
    expect(await ask(id, 'PUT', `/box-${id}`), id).toMatchObject({ status: 200 })
    for (const name of NAMES) {
      expect(
        await ask(id, 'PUT', `/box-${id}/${name}`, put(`body of ${name}`)),
        `${id} ${name}`,
      ).toMatchObject({ status: 200 })
      expect(await ask(id, 'GET', `/box-${id}/${name}`), `${id} ${name}`).toMatchObject({
        status: 200,
        text: `body of ${name}`,
      })
    }
    for (const list of LISTS) {
      const listed = await ask(id, 'GET', `/box-${id}${list}`)
      expect(listed.status, `${id} ${list}`).toBe(200)
      expect(listed.text).toContain('<ListBucketResult')
    }
  }
  const json: [string, string][] = [['x-amz-meta-a', 'two  words']]
  const held = {
    body: '{"a":1}',
    headers: [['content-type', 'application/json'], ...json] as [string, string][],
  }
  expect(await ask('good', 'PUT', '/box-good/held.json', held)).toMatchObject({ status: 200 })
  expect(await ask('good', 'DELETE', '/box-good/a')).toMatchObject({ status: 204 })
  done('calls that OpenStack Swift found rightly signed', calls)
})

test('Swift refuses a wrong secret, another region and a key it does not know', async ({ skip }) => {
  if (why !== null) skip(why)
  expect(await ask('wrong', 'GET', '/box-good')).toMatchObject({
    status: 403,
    text: expect.stringContaining('SignatureDoesNotMatch'),
  })
  expect(await ask('elsewhere', 'GET', '/box-good')).toMatchObject({
    status: 400,
    text: expect.stringContaining('AuthorizationHeaderMalformed'),
  })
  expect((await ask('nobody', 'GET', '/box-good')).status).toBe(403)
})
