import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { PASSED_ON } from '../../native-host/references/run-command.ts'
import { authority } from '../support/certificates.ts'
import { hasTool } from '../support/debian-tools.ts'
import { keePassDatabase, MASTER, passStore } from '../support/password-stores.ts'
import { SecretProgram } from '../support/secret-programs.ts'
import { type Kv2Upstream, startKv2Upstream } from '../support/upstreams/kv2-upstream.ts'
import { type CommandHome, type LocalServer, localServer, type Ran, unlockedHome } from './cli-fixture.ts'

/** `--secret-ref`, from the command line to the service, with real password managers. */
const KEY = 'sk-canary-elsewhere-0123456789'
const POSIX = process.platform !== 'win32'
const hasPass = hasTool('pass')
const hasKeePass = hasTool('keepassxc')

let home: CommandHome
let server: LocalServer
let store: Kv2Upstream
let arrived: (string | undefined)[] = []
let lastId = 0

beforeAll(async () => {
  home = await unlockedHome()
  store = await startKv2Upstream()
  server = await localServer((request, response) => {
    arrived.push(request.headers.authorization)
    response.writeHead(request.headers.authorization === `Bearer ${KEY}` ? 200 : 401)
    response.end(`echo ${request.headers.authorization}`)
  })
})
afterEach(() => {
  arrived = []
  store.mood = 'open'
})
afterAll(async () => {
  await home.remove()
  await server.close()
  await store.close()
})

/** Add a service whose token is a reference. @returns its id and how that went. */
async function add(reference: string, ...more: string[]): Promise<{ id: string; ran: Ran }> {
  lastId += 1
  const id = `service-${lastId}`
  const where = ['--base-url', server.url, '--local', '--auth', 'bearer']
  const args = ['service', 'add', id, ...where, '--secret-ref', `token=${reference}`, ...more]
  return { id, ran: await home.run(args) }
}

const tested = async (id: string) => (await home.run(['service', 'test', id, '--json'])).json()
const registry = () => `${home.valetKeyHome}.references`

describe.runIf(POSIX)('service add --secret-ref', () => {
  test('saves where a secret lives, shows its kind only, and the key is fetched for a call', async () => {
    const program = new SecretProgram(home.home, 'has a key', KEY)
    const { id, ran } = await add(`command:${JSON.stringify([program.path, 'show', 'my/secret/place'])}`)
    expect(ran).toMatchObject({ code: 0, stderr: '' })
    expect(program.runs).toBe(1)
    const shown = await home.run(['service', 'show', id])
    expect(shown.stdout).not.toMatch(/has a key|my\/secret\/place|nonce/)
    expect(JSON.parse(shown.stdout)).toMatchObject({ secrets: ['token'], references: { token: 'command' } })
    expect(await tested(id)).toMatchObject({ outcome: 'accepted', status: 200 })
    await home.run(['capability', 'add', `${id}-all`, '--service', id, '--allow', 'GET /**'])
    const called = await home.run(['call', `${id}-all`, 'GET', `${server.url}/x`])
    expect(called).toMatchObject({ code: 0, stdout: 'echo Bearer [redacted]' })
    expect(arrived.at(-1)).toBe(`Bearer ${KEY}`)
  })

  test('a program gets what it needs to find its agents, what its owner named, and nothing else', async () => {
    const seen = join(home.home, 'seen')
    const program = new SecretProgram(home.home, 'looks', KEY, `env > '${seen}'; cat > '${seen}.stdin'`)
    lastId += 1
    const where = ['--base-url', server.url, '--local', '--auth', 'bearer']
    const settings = { argv: [program.path], environment: { PLACE: 'of mine' } }
    const args = ['service', 'add', `looks-${lastId}`, ...where]
    const reference = ['--secret-ref', `token=command:${JSON.stringify(settings)}`]
    const around = {
      SOMEBODYS_KEY: 'x',
      LD_LIBRARY_PATH: '/nowhere',
      SSH_AUTH_SOCK: '/run/agent',
      DISPLAY: '',
    }
    expect(await home.run([...args, ...reference], '', around)).toMatchObject({ code: 0, stderr: '' })
    const lines = readFileSync(seen, 'utf8').trim().split('\n')
    expect(lines).toEqual(
      expect.arrayContaining(['PLACE=of mine', 'SSH_AUTH_SOCK=/run/agent', 'LANG=C.UTF-8']),
    )
    const own = ['LANG', 'OLDPWD', 'PATH', 'PLACE', 'PWD', 'SHLVL', '_']
    const names = lines.map((line) => line.split('=')[0])
    expect(names.filter((name) => ![...own, ...PASSED_ON].includes(name ?? ''))).toEqual([])
    expect(names).not.toContain('DISPLAY')
    expect(readFileSync(`${seen}.stdin`, 'utf8')).toBe('')
  })

  test('the registry and the database show nothing of it, and removing the service takes it out', async () => {
    const program = new SecretProgram(home.home, 'findable-program', KEY)
    const before = existsSync(registry()) ? readFileSync(registry(), 'utf8') : ''
    const { id } = await add(`command:["${program.path}","findable-argument"]`)
    const entered = readFileSync(registry(), 'utf8')
    expect(entered).toMatch(/^([0-9a-f]{64}\n)+$/)
    expect(entered).toHaveLength(before.length + 65)
    expect(statSync(registry()).mode & 0o777).toBe(0o600)
    for (const name of ['valetkey.db', 'valetkey.db-wal']) {
      const path = join(home.valetKeyHome, name)
      if (existsSync(path)) expect(readFileSync(path, 'latin1')).not.toContain('findable')
    }
    expect((await home.run(['service', 'remove', id])).code).toBe(0)
    expect(existsSync(registry()) ? readFileSync(registry(), 'utf8') : '').toBe(before)
  })

  test.each([
    ['a key in the place of a reference', `token=${KEY}`, 1, 'a reference is one of'],
    ['no name', `=file:/x`, 2, 'NAME=REFERENCE'],
    ['a relative program', 'token=command:["./program"]', 1, 'reference-program-missing'],
    [
      'a program that is nowhere',
      'token=command:["no-such-program-anywhere"]',
      1,
      'reference-program-missing',
    ],
    ['no arguments', 'token=command:[]', 1, 'not valid at `argv`'],
    ['an argument that is no text', 'token=command:["/bin/cat",1]', 1, 'not valid at `argv.1`'],
    ['a setting nobody knows', 'token=command:{"argv":["/bin/cat"],"shell":true}', 1, 'not valid'],
    ['broken JSON', 'token=command:["/bin/cat"', 1, 'begins like JSON'],
    ['a relative file', 'token=file:key.txt', 1, 'absolute'],
    ['a file that is not there', 'token=file:/nonexistent/key', 1, 'reference-file-missing'],
    ['a keychain without an account', 'token=keychain:only', 1, 'a reference is one of'],
    [
      'a name the scheme does not have',
      'password=command:["/bin/echo","12345"]',
      1,
      'has no secret `password`',
    ],
    ['a program that writes a line break only', 'token=command:["/bin/echo"]', 1, 'reference-empty'],
    ['what cannot be sent', 'token=command:["/usr/bin/printf","sk-\\\\001-123456"]', 1, 'control character'],
    ['too short a key', 'token=command:["/bin/echo","abc"]', 1, 'shorter than'],
    [
      'a helper that is not given',
      'token=command:{"argv":["/bin/cat"],"stdin":"master"}',
      1,
      'secret `master`',
    ],
    [
      'a server without encryption',
      'token=vault-kv2:{"address":"http://10.1.2.3:8200","ip":"10.1.2.3","path":"a","field":"b","token":{"file":"/x"}}',
      1,
      'unencrypted',
    ],
    [
      'a path that climbs',
      'token=vault-kv2:{"address":"https://v.example","path":"a/../b","field":"b","token":{"file":"/x"}}',
      1,
      '`..`',
    ],
  ])('refuses %s and saves nothing', async (_what, pair, code, said) => {
    lastId += 1
    const id = `refused-${lastId}`
    const args = ['service', 'add', id, '--base-url', server.url, '--local', '--auth', 'bearer']
    const ran = await home.run([...args, '--secret-ref', pair])
    expect({ code: ran.code, said: ran.stderr }).toEqual({ code, said: expect.stringContaining(said) })
    expect(ran.stderr).not.toContain(KEY)
    expect((await home.run(['service', 'show', id])).code).toBe(1)
  })

  test('refuses a program that others may write to; --no-try saves what cannot be fetched now', async () => {
    const program = new SecretProgram(home.home, 'writable', KEY, 'exit 1')
    chmodSync(program.path, 0o777)
    const refused = await add(`command:["${program.path}"]`, '--no-try')
    expect(refused.ran).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('reference-program-unsafe'),
    })
    chmodSync(program.path, 0o700)
    expect((await add(`command:["${program.path}"]`)).ran.stderr).toContain('reference-program-failed')
    const saved = await add(`command:["${program.path}"]`, '--no-try')
    expect(saved.ran.code).toBe(0)
    expect(await tested(saved.id)).toEqual({
      outcome: 'key-unavailable',
      status: null,
      message: 'the program that has the key ended with an error (reference-program-failed)',
    })
    expect(arrived).toEqual([])
  })

  test('rotate replaces a key by a reference and back; `@path` keeps a reference out of the arguments', async () => {
    const file = join(home.home, 'reference')
    const program = new SecretProgram(home.home, 'rotated', KEY)
    writeFileSync(file, `command:${JSON.stringify({ argv: [program.path], cache: 0 })}\n`)
    const { id } = await add(`@${file}`)
    expect(await tested(id)).toMatchObject({ outcome: 'accepted' })
    const rotated = await home.run(['service', 'rotate', id, '--secret-stdin'], 'sk-another-key-123')
    expect(rotated.code).toBe(0)
    expect(JSON.parse((await home.run(['service', 'show', id])).stdout).references).toEqual({})
    expect(await tested(id)).toMatchObject({ outcome: 'key-refused' })
    const back = await home.run(['service', 'rotate', id, '--secret-ref', `token=@${file}`])
    expect(back.code).toBe(0)
    expect(await tested(id)).toMatchObject({ outcome: 'accepted' })
  })

  test('a backup brings back where it lives, not a key, and nothing runs until it is entered again', async () => {
    const program = new SecretProgram(home.home, 'backed-up', KEY)
    const reference = `command:${JSON.stringify({ argv: [program.path], cache: 0 })}`
    const { id } = await add(reference)
    const file = join(home.home, 'backup')
    const passphrase = 'a passphrase of the backup'
    const made = await home.run(['backup', file, '--passphrase-stdin'], passphrase)
    expect(made).toMatchObject({ code: 0, stderr: '' })
    await home.run(['service', 'remove', id])
    const restored = await home.run(['restore', file, '--replace', '--passphrase-stdin'], passphrase)
    expect(restored).toMatchObject({ code: 0, stderr: '' })
    expect(await tested(id)).toMatchObject({
      outcome: 'key-unavailable',
      message: expect.stringContaining('reference-unregistered'),
    })
    expect([program.runs, arrived.length]).toEqual([1, 0])
    await home.run(['service', 'rotate', id, '--secret-ref', `token=${reference}`])
    expect(await tested(id)).toMatchObject({ outcome: 'accepted' })
  })

  test('what `pass` keeps is fetched from it', { skip: !hasPass }, async () => {
    const store = passStore(home.home, KEY)
    try {
      const { argv, environment } = store
      const { id, ran } = await add(`command:${JSON.stringify({ argv, environment, seconds: 60 })}`)
      expect(ran).toMatchObject({ code: 0, stderr: '' })
      expect(await tested(id)).toMatchObject({ outcome: 'accepted' })
      const gone = await add(
        `command:${JSON.stringify({ argv: ['pass', 'show', 'none'], environment, seconds: 60 })}`,
      )
      expect(gone.ran.stderr).toContain('reference-program-failed')
    } finally {
      store.close()
    }
  })

  test('what KeePassXC keeps is fetched with the database’s password on stdin', {
    skip: !hasKeePass,
  }, async () => {
    const { argv } = keePassDatabase(home.home, KEY)
    const file = join(home.home, 'master')
    writeFileSync(file, MASTER, { mode: 0o600 })
    const reference = `command:${JSON.stringify({ argv, stdin: 'master', seconds: 60 })}`
    const { id, ran } = await add(reference, '--secret-file', `master=${file}`)
    expect(ran).toMatchObject({ code: 0, stderr: '' })
    expect(await tested(id)).toMatchObject({ outcome: 'accepted' })
    writeFileSync(file, 'another-password', { mode: 0o600 })
    await home.run(['service', 'rotate', id, '--secret-file', `master=${file}`])
    expect(await tested(id)).toMatchObject({ outcome: 'key-unavailable' })
  })
})

describe('a secret in a KV store, version 2', () => {
  const reference = (more: object = {}) =>
    `vault-kv2:${JSON.stringify({
      address: store.url,
      mount: 'secret',
      path: 'team/api',
      field: 'key',
      token: { secret: 'kv-token' },
      ...more,
    })}`
  const token = () => {
    const path = join(home.home, 'kv-token')
    writeFileSync(path, 's.valid-token', { mode: 0o600 })
    return path
  }

  test('is read with the token of the vault, or of a file', async () => {
    store.tokens.add('s.valid-token')
    store.secrets.set('secret/team/api', { key: KEY, other: 'x' })
    const { id, ran } = await add(reference(), '--secret-file', `kv-token=${token()}`)
    expect(ran).toMatchObject({ code: 0, stderr: '' })
    expect(await tested(id)).toMatchObject({ outcome: 'accepted' })
    const byFile = await add(reference({ token: { file: token() } }))
    expect(byFile.ran).toMatchObject({ code: 0, stderr: '' })
    expect(await tested(byFile.id)).toMatchObject({ outcome: 'accepted' })
    expect(store.journal.arrivals.every(({ target }) => target === '/v1/secret/data/team/api')).toBe(true)
  })

  test('with a certificate of a private authority is believed where the reference pins that one', async () => {
    const [own, other] = [authority('Company'), authority('Somebody else')]
    const certificate = own.issue('127.0.0.1')
    const secure = await startKv2Upstream(certificate)
    try {
      secure.tokens.add('s.valid-token')
      secure.secrets.set('secret/team/api', { key: KEY })
      const saving = (more: object) =>
        add(reference({ address: secure.url, token: { file: token() }, ...more }))
      for (const more of [{}, { ca: other.ca }]) {
        const { ran } = await saving(more)
        expect({ code: ran.code, said: ran.stderr }).toEqual({
          code: 1,
          said: expect.stringContaining('reference-store-untrusted'),
        })
      }
      const withKey = (await saving({ ca: own.ca + certificate.key })).ran
      expect(withKey).toMatchObject({ code: 1, stderr: expect.stringContaining('besides certificates') })
      expect(withKey.stderr).not.toContain('PRIVATE KEY')
      expect(secure.journal.arrivals).toEqual([])
      const { id, ran } = await saving({ ca: own.ca })
      expect(ran).toMatchObject({ code: 0, stderr: '' })
      expect(await tested(id)).toMatchObject({ outcome: 'accepted' })
    } finally {
      await secure.close()
    }
  })

  test.each<[string, Kv2Upstream['mood'], object, string]>([
    ['sealed', 'sealed', {}, 'reference-store-sealed'],
    ['silent', 'slow', { seconds: 1 }, 'reference-timeout'],
    ['endless', 'endless', {}, 'reference-too-long'],
    ['redirecting', 'redirecting', {}, 'reference-store-failed'],
    ['without the secret', 'open', { path: 'nowhere' }, 'reference-store-missing'],
    ['without the newest version', 'open', { path: 'deleted' }, 'reference-store-deleted'],
    ['without the field', 'open', { field: 'toString' }, 'reference-field-missing'],
    ['with a number there', 'open', { path: 'number' }, 'reference-field-missing'],
    ['that is not there', 'open', { address: 'http://127.0.0.1:1' }, 'reference-store-unreachable'],
    ['that refuses the token', 'open', { token: { file: 'wrong' } }, 'reference-store-denied'],
  ])('a server %s is told from others', async (_what, mood, more, fault) => {
    store.tokens.add('s.valid-token')
    store.secrets.set('secret/team/api', { key: KEY })
    store.secrets.set('secret/deleted', 'deleted')
    store.secrets.set('secret/number', { key: 12345678 })
    store.mood = mood
    const wrong = join(home.home, 'wrong')
    writeFileSync(wrong, 's.wrong', { mode: 0o600 })
    const text = reference(more).replace('"wrong"', JSON.stringify(wrong))
    const { ran } = await add(text, '--secret-file', `kv-token=${token()}`)
    expect({ code: ran.code, said: ran.stderr }).toEqual({ code: 1, said: expect.stringContaining(fault) })
    expect(ran.stderr).not.toMatch(/s\.valid-token|team\/api/)
  })
})
