import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { listAudit } from '../../native-host/audit/read-audit.ts'
import { endSession } from '../../native-host/sessions/sessions.ts'
import { findCapability } from '../../native-host/store/capabilities.ts'
import { raiseLock } from '../../native-host/vault/lock.ts'
import type { Session } from '../../shared/model/grant.ts'
import { eventually } from '../support/eventually.ts'
import { done, times } from '../support/hard.ts'
import { processesNaming, writeLauncher } from '../support/launched-host.ts'
import { NativeHost, type PageCall } from '../support/native-host.ts'
import { OwnedVault } from '../support/owned-vault.ts'
import { refer, SecretProgram } from '../support/secret-programs.ts'
import { CLI, type LocalServer, localServer } from './cli-fixture.ts'

/** Secrets that live elsewhere, through the host as a browser starts it: by its launcher, under the permission model. */
const KEY = 'sk-lives-elsewhere-4711'
const NEXT = 'sk-rotated-elsewhere-0815'
const ORIGIN = 'https://page.example'
/** Seconds that no other run of these tests sleeps. */
const LONG = 86_400 + process.pid
const POSIX = process.platform !== 'win32'

let server: LocalServer
/** Keys the service takes, and what arrived. */
let right: string[]
let arrived: { authorization: string | undefined; body: string }[]
let root: string
let vault: OwnedVault
let host: NativeHost | null
let session: Session
let program: SecretProgram

beforeAll(async () => {
  if (!POSIX)
    process.stderr.write(
      'skipped, secrets that live elsewhere: the programs of the tests are for a POSIX shell\n',
    )
  server = await localServer((request, response, body) => {
    const { authorization } = request.headers
    arrived.push({ authorization, body })
    const isRight = right.some((key) => authorization === `Bearer ${key}`)
    response.writeHead(isRight ? 200 : 401, { 'content-type': 'text/plain' })
    response.end(`you sent ${authorization}; keys of mine are ${KEY} and ${NEXT}.`)
  })
})
afterAll(() => server.close())

beforeEach(async () => {
  right = [KEY]
  arrived = []
  root = mkdtempSync(join(tmpdir(), 'valetkey-test-'))
  vault = await OwnedVault.create()
  host = null
  vault.addService('keyed', server.url, 'replaced by the reference')
  vault.addCapability('keyed-all', 'keyed', ['GET,POST /open/**'])
  const capability = findCapability(vault.store, vault.keys, 'keyed-all')
  if (capability === null) throw new Error('no capability')
  session = vault.connect(ORIGIN, capability)
  program = new SecretProgram(root, 'manager', KEY)
})
afterEach(async () => {
  program.open()
  host?.process.kill('SIGTERM')
  await host?.exited
  await vault.remove()
  rmSync(root, { recursive: true, force: true })
})

/** The host as a browser has it, and a document of the site. */
async function browser(): Promise<{ started: NativeHost; document: number }> {
  host = await NativeHost.start(vault.home, writeLauncher(root, CLI, vault.home, root))
  const { id } = await host.document({ origin: ORIGIN })
  return { started: host, document: id }
}

function byProgram(settings: object = {}, name = 'token'): void {
  refer(vault, 'keyed', name, `command:${JSON.stringify({ argv: [program.path, 'show'], ...settings })}`)
}

/** How a call failed, for the page and for the owner. */
async function failure(call: PageCall): Promise<{ page: unknown; owner: unknown }> {
  const ended = await call.ended()
  const [outcome] = listAudit(vault.store, vault.keys, { limit: 1 })
  return {
    page: ended.type === 'problem' ? ended.code : ended.type,
    owner: outcome?.kind === 'outcome' ? outcome.problem : outcome?.kind,
  }
}

const url = (path = '/open/x') => `${server.url}${path}`

describe.runIf(POSIX)('a secret that a program has', () => {
  test('is fetched once for many calls at once, is sent, and is nobody’s argument or variable', async () => {
    byProgram()
    program.close()
    const { started, document } = await browser()
    const count = times(20, 200)
    const calls = Array.from({ length: count }, () => started.ask(document, 'GET', url()))
    await eventually(
      'the program runs',
      () => program.runs,
      (runs) => runs > 0,
    )
    expect(await holdersOf(KEY)).toEqual([])
    expect(arrived).toEqual([])
    program.open()
    for (const call of calls) {
      expect((await call.head()).status).toBe(200)
      expect(await call.text()).toBe(`you sent Bearer [redacted]; keys of mine are [redacted] and ${NEXT}.`)
    }
    expect(program.runs).toBe(1)
    expect(arrived.filter(({ authorization }) => authorization === `Bearer ${KEY}`)).toHaveLength(count)
    expect(Buffer.concat(started.written).includes(KEY)).toBe(false)
    done('calls that waited for one fetching of a secret that lives elsewhere', count)
  })

  test('is not fetched for a call that is denied', async () => {
    byProgram()
    const { started, document } = await browser()
    expect(await started.ask(document, 'GET', url('/closed')).ended()).toMatchObject({ code: 'denied' })
    expect(await started.ask(document, 'GET', url()).text()).toContain('redacted')
    expect(program.runs).toBe(1)
  })

  test('that changed is fetched again when the service refuses it, and old and new are taken out', async () => {
    byProgram()
    const { started, document } = await browser()
    await started.ask(document, 'GET', url()).text()
    program.is(NEXT)
    right = [NEXT]
    arrived = []
    const call = started.ask(document, 'POST', url(), {
      body: '{"a":1}',
      headers: [['content-type', 'application/json']],
    })
    expect((await call.head()).status).toBe(200)
    expect(await call.text()).toBe('you sent Bearer [redacted]; keys of mine are [redacted] and [redacted].')
    expect(arrived).toEqual([
      { authorization: `Bearer ${KEY}`, body: '{"a":1}' },
      { authorization: `Bearer ${NEXT}`, body: '{"a":1}' },
    ])
    expect(program.runs).toBe(2)
    // Also a call that never knew the old one.
    expect(await started.ask(document, 'GET', url()).text()).not.toContain(KEY)
  })

  test('that the service refuses and that is still the same is sent once, and not fetched at every call', async () => {
    byProgram()
    right = []
    const { started, document } = await browser()
    for (let n = 0; n < 5; n++) {
      const call = started.ask(document, 'GET', url())
      expect((await call.head()).status).toBe(401)
      await call.text()
    }
    expect(arrived).toHaveLength(5)
    expect(program.runs).toBe(2)
  })

  test('a body that streams is not sent twice; the next call has the new value', async () => {
    byProgram()
    const { started, document } = await browser()
    await started.ask(document, 'GET', url()).text()
    program.is(NEXT)
    right = [NEXT]
    const streamed = started.ask(document, 'POST', url(), {
      // More than is held for a second time.
      body: 'plain'.repeat(60_000),
      headers: [['content-type', 'text/plain']],
    })
    expect((await streamed.head()).status).toBe(401)
    expect(await streamed.text()).not.toContain(KEY)
    const next = started.ask(document, 'GET', url())
    expect((await next.head()).status).toBe(200)
    await next.text()
    expect(arrived).toHaveLength(3)
    expect(program.runs).toBe(2)
  })

  test('is fetched again when its time is over', async () => {
    byProgram({ cache: 0 })
    const { started, document } = await browser()
    for (let n = 1; n <= 3; n++) {
      await started.ask(document, 'GET', url()).text()
      expect(program.runs).toBe(n)
    }
  })

  test('a program that forks and hangs is ended whole at its time limit', async () => {
    program = new SecretProgram(root, 'hangs', KEY, `sh -c 'exec sleep ${LONG}.25' & exec sleep ${LONG}.5`)
    byProgram({ seconds: 1 })
    const { started, document } = await browser()
    const ends = await failure(started.ask(document, 'GET', url()))
    expect(ends).toEqual({ page: 'credential-unavailable', owner: 'reference-timeout' })
    expect(arrived).toEqual([])
    for (const left of [`${LONG}.25`, `${LONG}.5`])
      expect(
        await eventually(
          'it has ended',
          () => processesNaming(left),
          (each) => each.length === 0,
        ),
      ).toEqual([])
  })

  test('a key is taken from a program that leaves another one behind, which is ended', async () => {
    program = new SecretProgram(root, 'forks', KEY, `sleep ${LONG}.75 &`)
    byProgram()
    const { started, document } = await browser()
    expect(await started.ask(document, 'GET', url()).text()).toContain('redacted')
    await eventually(
      'it has ended',
      () => processesNaming(`${LONG}.75`),
      (each) => each.length === 0,
    )
  })

  test('a program that writes a gigabyte is ended early', async () => {
    program = new SecretProgram(root, 'writes', KEY, 'exec head -c 1073741824 /dev/zero')
    byProgram()
    const { started, document } = await browser()
    const ends = await failure(started.ask(document, 'GET', url()))
    expect(ends).toEqual({ page: 'credential-unavailable', owner: 'reference-too-long' })
    const [attendant] = (await processesNaming(vault.home)).filter((pid) => pid === started.process.pid)
    expect(attendant === undefined ? 0 : await residentMegabytes(attendant)).toBeLessThan(200)
  })

  test('a program that fails or has nothing sends nothing, and what it says is told to nobody', async () => {
    program = new SecretProgram(root, 'fails', KEY, 'echo "unlock with hunter2-said-on-stderr" >&2; exit 3')
    byProgram()
    const { started, document } = await browser()
    const ends = await failure(started.ask(document, 'GET', url()))
    expect(ends).toEqual({ page: 'credential-unavailable', owner: 'reference-program-failed' })
    expect(Buffer.concat(started.written).toString()).not.toMatch(/hunter2|fails|show/)
    program.is('')
    expect(arrived).toEqual([])
  })

  test('a program that others may write to is not run any more, nor one in a folder of theirs', async () => {
    const folder = join(root, 'bin')
    mkdirSync(folder, { mode: 0o755 })
    program = new SecretProgram(folder, 'manager', KEY)
    byProgram({ cache: 0 })
    const { started, document } = await browser()
    await started.ask(document, 'GET', url()).text()
    chmodSync(program.path, 0o722)
    const unsafe = { page: 'credential-unavailable', owner: 'reference-program-unsafe' }
    expect(await failure(started.ask(document, 'GET', url()))).toEqual(unsafe)
    chmodSync(program.path, 0o700)
    chmodSync(folder, 0o777)
    expect(await failure(started.ask(document, 'GET', url()))).toEqual(unsafe)
    chmodSync(folder, 0o755)
    renameSync(program.path, `${program.path}.away`)
    const missing = { page: 'credential-unavailable', owner: 'reference-program-missing' }
    expect(await failure(started.ask(document, 'GET', url()))).toEqual(missing)
    expect(program.runs).toBe(1)
  })

  test('what somebody wrote into the database runs nothing: only what the owner entered', async () => {
    byProgram()
    const evil = new SecretProgram(root, 'evil', KEY)
    refer(vault, 'keyed', 'token', `command:["${evil.path}"]`, false)
    const { started, document } = await browser()
    const ends = await failure(started.ask(document, 'GET', url()))
    // No reference is known any more, so nobody stands beside the host either.
    expect(ends).toEqual({ page: 'credential-unavailable', owner: 'reference-unattended' })
    vault.addService('other', `${server.url}/other`, 'x')
    refer(vault, 'other', 'token', `command:["${program.path}"]`)
    host?.process.kill()
    await host?.exited
    const again = await browser()
    const refused = await failure(again.started.ask(again.document, 'GET', url()))
    expect(refused).toEqual({ page: 'credential-unavailable', owner: 'reference-unregistered' })
    expect(evil.runs + arrived.length).toBe(0)
  })

  test('the helper secret goes to the program’s stdin, and a pointer finds the key in its answer', async () => {
    program = new SecretProgram(root, 'asks', KEY, `printf '{"login":{"a/b":"%s"}}' "$(cat)"; exit`)
    vault.store.transaction(() => byProgram({ stdin: 'master', take: '/login/a~1b' }))
    const { putSecret } = await import('../../native-host/store/services.ts')
    putSecret(vault.store, vault.keys, 'keyed', 'master', Buffer.from(KEY))
    const { started, document } = await browser()
    const call = started.ask(document, 'GET', url())
    expect((await call.head()).status).toBe(200)
    expect(await call.text()).toContain('you sent Bearer [redacted]')
  })
})

describe.runIf(POSIX)('while a secret is being fetched', () => {
  /** A call that waits for its secret. */
  async function waiting() {
    // Longer than anybody here waits: not its time limit is to end it.
    byProgram({ seconds: 120 })
    program.close()
    const { started, document } = await browser()
    const call = started.ask(document, 'GET', url())
    await eventually(
      'the program runs',
      () => program.runs,
      (runs) => runs === 1,
    )
    return { started, document, call }
  }
  const ended = () =>
    eventually(
      'the program has ended',
      () => processesNaming(program.path),
      (each) => each.length === 0,
    )

  test('a revoke sends nothing and ends the program', async () => {
    const { call } = await waiting()
    endSession(vault.store, vault.keys, session.id, 'revoked', Date.now())
    expect((await call.ended()).type).toBe('problem')
    await ended()
    program.open()
    expect(arrived).toEqual([])
  })

  test('a page that gives up sends nothing; others that wait get theirs', async () => {
    const { started, document, call } = await waiting()
    const other = started.ask(document, 'GET', url())
    await eventually(
      'both calls wait',
      () => listAudit(vault.store, vault.keys, { limit: 9 }).length,
      (n) => n === 2,
    )
    call.cancel()
    program.open()
    expect(await other.text()).toContain('redacted')
    expect([program.runs, arrived.length]).toEqual([1, 1])
  })

  test('a page that gives up alone ends the program', async () => {
    const { call } = await waiting()
    call.cancel()
    await ended()
    expect(arrived).toEqual([])
  })

  test('a lock ends host, attendant and program, and nothing is sent', async () => {
    const { started } = await waiting()
    raiseLock(vault.store)
    await started.exited
    await ended()
    await eventually(
      'the attendant has ended',
      () => processesNaming(vault.home),
      (each) => each.length === 0,
    )
    program.open()
    expect(arrived).toEqual([])
  })

  test('the end of the attendant ends its host', async () => {
    const { started } = await waiting()
    process.kill(started.process.pid ?? 0, 'SIGKILL')
    await eventually(
      'the host has ended',
      () => processesNaming(vault.home),
      (each) => each.length === 0,
    )
    expect(arrived).toEqual([])
  })
})

describe.runIf(POSIX)('a secret in a file', () => {
  test.each([
    ['its own', (path: string) => writeFileSync(path, `${KEY}\r\n`, { mode: 0o600 }), null],
    [
      'one that others may read',
      (path: string) => writeFileSync(path, KEY, { mode: 0o644 }),
      'reference-file-unsafe',
    ],
    ['none', () => {}, 'reference-file-missing'],
    ['an empty one', (path: string) => writeFileSync(path, '\n', { mode: 0o600 }), 'reference-empty'],
    [
      'one with three bytes',
      (path: string) => writeFileSync(path, 'abc', { mode: 0o600 }),
      'reference-unusable',
    ],
    [
      'a link',
      (path: string) => {
        writeFileSync(`${path}.own`, KEY, { mode: 0o600 })
        symlinkSync(`${path}.own`, path)
      },
      'reference-file-unsafe',
    ],
  ])('%s', async (_what, make, fault) => {
    const path = join(root, 'key')
    make(path)
    refer(vault, 'keyed', 'token', `file:${path}`)
    const { started, document } = await browser()
    const call = started.ask(document, 'GET', url())
    if (fault === null) expect(await call.text()).toContain('you sent Bearer [redacted]')
    else expect(await failure(call)).toEqual({ page: 'credential-unavailable', owner: fault })
    expect(arrived).toHaveLength(fault === null ? 1 : 0)
  })
})

test.runIf(POSIX)('a host that was started before anything lived elsewhere says what to do', async () => {
  const { started, document } = await browser()
  byProgram()
  const ends = await failure(started.ask(document, 'GET', url()))
  expect(ends).toEqual({ page: 'credential-unavailable', owner: 'reference-unattended' })
  expect(program.runs).toBe(0)
})

/** Processes with a text among their arguments or variables, but for this one. Linux. */
async function holdersOf(text: string): Promise<string[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))
  const found = pids.map(async (pid) => {
    const parts = ['cmdline', 'environ'].map((name) =>
      readFile(`/proc/${pid}/${name}`, 'latin1').catch(() => ''),
    )
    return (await Promise.all(parts)).some((part) => part.includes(text)) ? pid : null
  })
  return (await Promise.all(found)).filter((pid) => pid !== null && pid !== String(process.pid)) as string[]
}

async function residentMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024
}
