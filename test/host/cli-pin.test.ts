import { writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { authority } from '../support/certificates.ts'
import { done } from '../support/hard.ts'
import { type CommandHome, type Ran, unlockedHome } from './cli-fixture.ts'

/** The built command against TLS servers on this machine: what an owner pins, and what no environment can pin. */
const KEY = 'sk-live-Zq83hTs7-Qm2'
const root = authority('Our House')
const rogue = authority('Rogue')
let home: CommandHome
let ours: Served
let theirs: Served

interface Served {
  readonly server: Server
  readonly url: string
  /** The `authorization` of every request that came through. */
  readonly keys: (string | undefined)[]
}

async function serve(certificate: { key: string; cert: string }): Promise<Served> {
  const keys: (string | undefined)[] = []
  const server = createServer(certificate, (request, response) => {
    keys.push(request.headers.authorization)
    response.end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, url: `https://api.test.example:${(server.address() as AddressInfo).port}`, keys }
}

beforeAll(async () => {
  home = await unlockedHome()
  ours = await serve(root.issue('api.test.example'))
  theirs = await serve(rogue.issue('api.test.example'))
  for (const [name, text] of Object.entries({
    root: root.ca,
    rogue: rogue.ca,
    key: root.issue('x.example').key,
  }))
    await writeFile(join(home.home, `${name}.pem`), text)
})
afterAll(async () => {
  for (const { server } of [ours, theirs]) {
    server.closeAllConnections()
    server.close()
  }
  await home.remove()
})

const pem = (name: string) => join(home.home, `${name}.pem`)
const add = (id: string, url: string, ...more: string[]) => {
  const local = ['--local', '--address', '127.0.0.1', '--auth', 'bearer', '--secret-stdin']
  return home.run(['service', 'add', id, '--base-url', url, ...local, ...more], KEY)
}
const tested = async (id: string, run = home.run): Promise<{ outcome: string; message: string }> =>
  (await run(['service', 'test', id, '--json'])).json()

test('a service with a pinned authority is reached, shown with its certificate, and can be pinned anew', async () => {
  const added = await add('ours', ours.url, '--ca-file', pem('root'))
  expect(added).toMatchObject({ code: 0 })
  expect(await tested('ours')).toMatchObject({ outcome: 'no-key-needed' })
  expect(ours.keys[0]).toBe(`Bearer ${KEY}`)
  const shown = (await home.run(['service', 'show', 'ours', '--json'])).json<{ ca: object[] }>()
  expect(shown.ca).toEqual([
    {
      subject: 'CN=Our House',
      fingerprint: expect.stringMatching(/^[0-9A-F:]{95}$/),
      validTo: expect.any(String),
    },
  ])

  const pinned = await home.run(['service', 'pin', 'ours', '--ca-file', pem('rogue')])
  expect(pinned).toMatchObject({ code: 0, stdout: 'ours now believes CN=Rogue.\n' })
  ours.keys.length = 0
  expect(await tested('ours')).toMatchObject({
    outcome: 'unreachable',
    message: expect.stringMatching(/authority that is not trusted/),
  })
  expect((await home.run(['service', 'pin', 'ours', '--public'])).code).toBe(0)
  expect(await tested('ours')).toMatchObject({ outcome: 'unreachable' })
  expect(ours.keys).toEqual([])
})

test('a file that holds a private key, nothing or no certificate is refused, and nothing is stored', async () => {
  await writeFile(pem('empty'), '')
  for (const [file, code] of [
    [pem('key'), 1],
    [pem('empty'), 1],
    [pem('missing'), 2],
  ] as const) {
    const refused = await add('wrong', ours.url, '--ca-file', file)
    expect(refused).toMatchObject({ code, stdout: '' })
    expect(refused.stderr).not.toContain('PRIVATE KEY')
  }
  expect((await home.run(['service', 'show', 'wrong'])).code).toBe(1)
  for (const options of [[], ['--public', '--ca-file', pem('root')]])
    expect((await home.run(['service', 'pin', 'ours', ...options])).code).toBe(2)
})

let refused = 0
test('no variable of the environment makes an authority trusted or TLS weaker', async () => {
  expect(await add('theirs', theirs.url)).toMatchObject({ code: 0 })
  const run = (env: Record<string, string>) => (args: readonly string[]) => home.run(args, '', env)
  for (const env of [
    { NODE_TLS_REJECT_UNAUTHORIZED: '0' },
    { NODE_EXTRA_CA_CERTS: pem('rogue') },
    { SSL_CERT_FILE: pem('rogue'), NODE_OPTIONS: '--use-openssl-ca' },
    { SSL_CERT_FILE: pem('rogue'), NODE_OPTIONS: '--use-system-ca' },
    { SSL_CERT_FILE: pem('rogue'), NODE_USE_SYSTEM_CA: '1' },
    {
      NODE_OPTIONS: '--tls-cipher-list=DEFAULT@SECLEVEL=0 --tls-min-v1.0',
      NODE_EXTRA_CA_CERTS: pem('rogue'),
    },
  ]) {
    expect(await tested('theirs', run(env)), JSON.stringify(env)).toMatchObject({ outcome: 'unreachable' })
    refused += 1
  }
  expect(theirs.keys).toEqual([])
})
afterAll(() => done('environments that could not add an authority', refused))

test('the log tells the owner an expired certificate from one of another host', async () => {
  const wrong = await serve(root.issue('other.example'))
  const old = await serve(root.issue('api.test.example', { days: [-9, -1] }))
  const reasons: string[] = []
  for (const [id, { url }] of Object.entries({ wrong, old })) {
    await add(id, url, '--ca-file', pem('root'))
    await tested(id)
    const log = (await home.run(['audit', 'list', '--json'])).json<Ran & { records: object[] }>()
    reasons.push(JSON.stringify(log).match(/"tls-[a-z-]+"/)?.[0] ?? 'none')
  }
  expect(reasons).toEqual(['"tls-wrong-host"', '"tls-expired"'])
  for (const { server, keys } of [wrong, old]) {
    expect(keys).toEqual([])
    server.closeAllConnections()
    server.close()
  }
})
