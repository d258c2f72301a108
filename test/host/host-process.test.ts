import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { PROTOCOL_VERSION } from '../../shared/protocol/limits.ts'
import { eventually } from '../support/eventually.ts'
import { done, times } from '../support/hard.ts'
import {
  argumentsOf,
  environmentOf,
  listeningPorts,
  processesNaming,
  withFlags,
  writeLauncher,
} from '../support/launched-host.ts'
import { NativeHost } from '../support/native-host.ts'
import { OwnedVault } from '../support/owned-vault.ts'
import { CLI } from './cli-fixture.ts'

/** The host as a browser starts it: through the launcher, from the build, in an environment that means it ill. */
const LINUX = process.platform === 'linux'

let root: string
let vault: OwnedVault
let launcher: string
let started: ChildProcess[] = []

beforeAll(async () => {
  if (!LINUX) process.stderr.write('skipped, the host as a process: /proc is looked into, which Linux has\n')
  root = mkdtempSync(join(tmpdir(), 'valetkey-test-'))
  vault = await OwnedVault.create()
  launcher = writeLauncher(root, CLI, vault.home, root)
})
afterEach(() => {
  for (const child of started) child.kill('SIGKILL')
  started = []
})
afterAll(async () => {
  await vault.remove()
  rmSync(root, { recursive: true, force: true })
})

/** Variables that make Node, OpenSSL, the shell or the loader do what somebody else wants. `trap` is a file they write. */
function hostile(trap: string): Record<string, string> {
  const evil = join(root, 'evil.cjs')
  writeFileSync(evil, `require('node:fs').writeFileSync(${JSON.stringify(trap)}, 'evil')`)
  const script = join(root, 'evil.sh')
  writeFileSync(script, `echo evil > '${trap}'\n`)
  return {
    NODE_OPTIONS: `--require ${evil} --use-openssl-ca --inspect=0`,
    NODE_EXTRA_CA_CERTS: evil,
    NODE_TLS_REJECT_UNAUTHORIZED: '0',
    NODE_DEBUG: 'net,tls,http,fs',
    NODE_V8_COVERAGE: join(root, 'coverage'),
    NODE_PATH: root,
    NODE_REPL_EXTERNAL_MODULE: evil,
    NODE_USE_ENV_PROXY: '1',
    NODE_COMPILE_CACHE: join(root, 'cache'),
    NODE_REDIRECT_WARNINGS: join(root, 'warnings'),
    NODE_PENDING_DEPRECATION: '1',
    SSL_CERT_FILE: evil,
    SSL_CERT_DIR: root,
    SSLKEYLOGFILE: join(root, 'keylog'),
    OPENSSL_CONF: evil,
    OPENSSL_MODULES: root,
    HTTP_PROXY: 'http://127.0.0.1:9',
    HTTPS_PROXY: 'http://127.0.0.1:9',
    ALL_PROXY: 'http://127.0.0.1:9',
    https_proxy: 'http://127.0.0.1:9',
    NO_PROXY: '',
    UV_THREADPOOL_SIZE: '1',
    BASH_ENV: script,
    ENV: script,
    IFS: '/',
    CDPATH: '/',
    HOME: '/nonexistent',
    VALETKEY_HOME: join(root, 'elsewhere'),
    TMPDIR: '/nonexistent',
    TZ: 'Pacific/Kiritimati',
    LC_ALL: 'tr_TR.UTF-8',
    LD_LIBRARY_PATH: root,
    PATH: root,
  }
}

/** A shell that lets programs leave cores as large as this machine allows, and becomes one. */
const WITH_CORES = ['/bin/sh', '-c', 'ulimit -S -c "$(ulimit -H -c)"; exec "$@"', 'sh']

/** Start the launcher in an environment of the test's, by another program or itself. Greeted; resolved when its hello has come. */
async function launch(
  env: Record<string, string>,
  cwd = root,
  by: readonly string[] = [],
): Promise<ChildProcess & { pid: number }> {
  const [program = '', ...before] = [...by, launcher]
  const stdio = ['pipe', 'pipe', 'pipe'] as const
  const child = spawn(program, [...before, 'chrome-extension://test/'], { stdio: [...stdio], env, cwd })
  started.push(child)
  const { stdin, stdout } = child
  if (stdin === null || stdout === null || child.pid === undefined) throw new Error('no pipes')
  const body = Buffer.from(
    JSON.stringify({ type: 'hello', protocol: PROTOCOL_VERSION, version: 'test', heads: [] }),
  )
  const header = Buffer.alloc(4)
  header.writeUInt32LE(body.length)
  stdin.on('error', () => {})
  stdin.write(Buffer.concat([header, body]))
  await once(stdout, 'data')
  return child as ChildProcess & { pid: number }
}

const alive = (pid: number) => existsSync(`/proc/${pid}`)

describe.runIf(LINUX)('the host as a browser starts it', () => {
  test('has nothing of a hostile environment, and runs none of its programs', async () => {
    const trap = join(root, 'trap')
    const child = await launch(hostile(trap))
    expect(await environmentOf(child.pid)).toEqual({
      HOME: root,
      LANG: 'C.UTF-8',
      MALLOC_ARENA_MAX: '1',
      MALLOC_MMAP_THRESHOLD_: '32768',
    })
    expect(existsSync(trap)).toBe(false)
    for (const name of ['keylog', 'coverage', 'cache', 'warnings', 'elsewhere'])
      expect(existsSync(join(root, name)), name).toBe(false)
    done('variables of a hostile environment', Object.keys(hostile(trap)).length)
  })

  test('runs under the permission model: no programs, workers, addons, and no files but its own and the vault’s', async () => {
    const child = await launch({})
    const all = await argumentsOf(child.pid)
    const flags = all.slice(
      1,
      all.findIndex((part) => part.endsWith('main.mjs')),
    )
    expect(flags).toContain('--permission')
    expect(flags.filter((flag) => /^--allow-(?!net$|fs-)/.test(flag))).toEqual([])
    expect(flags.filter((flag) => /=[/*]?$/.test(flag))).toEqual([])
    const said = withFlags(
      flags,
      `const attempts = {
        program: async () => (await import('node:child_process')).execFileSync('/bin/true'),
        worker: async () => new (await import('node:worker_threads')).Worker('1', { eval: true }),
        inspector: async () => (await import('node:inspector')).open(0),
        addon: async () => process.dlopen({ exports: {} }, '/nonexistent.node'),
        read: async () => (await import('node:fs')).readFileSync('/etc/passwd'),
        list: async () => (await import('node:fs')).readdirSync('/'),
        write: async () => (await import('node:fs')).writeFileSync(${JSON.stringify(join(root, 'written'))}, 'x'),
      }
      for (const [name, attempt] of Object.entries(attempts))
        console.log(name, await attempt().then(() => 'DONE', (error) => error.code))`,
    )
    const lines = said.trim().split('\n')
    expect(lines).toHaveLength(7)
    expect(lines.filter((line) => !line.endsWith('ERR_ACCESS_DENIED'))).toEqual(['addon ERR_DLOPEN_DISABLED'])
  })

  test('opens no debugger for SIGUSR1, listens on no port at all, and goes on', async () => {
    const child = await launch({})
    expect(await listeningPorts(child.pid)).toEqual([])
    for (let count = 0; count < 5; count += 1) process.kill(child.pid, 'SIGUSR1')
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(await listeningPorts(child.pid)).toEqual([])
    expect(alive(child.pid)).toBe(true)
    expect(child.stderr?.read()).toBe(null)
  })

  test('leaves no core when it crashes', async () => {
    const cwd = join(root, 'crash')
    mkdirSync(cwd)
    const child = await launch({}, cwd, WITH_CORES)
    expect(readFileSync(`/proc/${child.pid}/limits`, 'utf8')).toMatch(/Max core file size\s+0\s+0\s/)
    const ended = once(child, 'exit')
    process.kill(child.pid, 'SIGSEGV')
    await ended
    expect(readdirSync(cwd)).toEqual([])
    expect(readdirSync(vault.home).filter((name) => name.includes('core'))).toEqual([])
  })

  test('ends when the browser is gone though somebody else still holds its pipes', async () => {
    // The shell stands for the browser: killed, it leaves the host with pipes that this test keeps open. Its stdin is no pipe of
    // Node's making: those are closed on this side as soon as the child is gone.
    const script = 'exec 3<&0; "$1" chrome-extension://test/ <&3 & echo $!; wait'
    const pipe = join(root, 'pipe')
    spawnSync('mkfifo', [pipe])
    const held = openSync(pipe, 'r+')
    const browser = spawn('/bin/sh', ['-c', script, 'sh', launcher], { stdio: [held, 'pipe', 'ignore'] })
    started.push(browser)
    const [said] = await once(browser.stdout as NodeJS.ReadableStream, 'data')
    const host = Number(String(said).split('\n')[0])
    await eventually(
      'the host runs',
      () => argumentsOf(host),
      (all) => all.some((part) => part.endsWith('main.mjs')),
    )
    browser.kill('SIGKILL')
    await eventually(
      'the host is gone',
      () => alive(host),
      (is) => !is,
      30_000,
    )
    closeSync(held)
  })

  test('ends when the browser closes one of its pipes', async () => {
    for (const which of ['stdin', 'stdout'] as const) {
      const host = await NativeHost.start(vault.home, launcher)
      host.process[which]?.destroy()
      // It learns of a closed stdout when it next has something to say.
      if (which === 'stdout')
        for (let id = 100; id < 110; id += 1) host.send({ type: 'command', id, command: { name: 'status' } })
      expect(await host.exited, which).toBe(0)
    }
  })

  test('restarted again and again, killed or closed, leaves no process behind', async () => {
    const rounds = times(8, 1000)
    for (let round = 0; round < rounds; round += 4) {
      await Promise.all(
        [0, 1, 2, 3].map(async (nth) => {
          const host = await NativeHost.start(vault.home, launcher)
          if (nth % 2 === 0) host.process.stdin?.destroy()
          else await host.close()
          await host.exited
        }),
      )
    }
    await eventually(
      'no host is left',
      () => processesNaming(`--home\0${vault.home}`),
      (left) => left.length === 0,
    )
    done('restarts of a host, none left', rounds)
  })
})
