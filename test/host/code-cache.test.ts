import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { COMMAND, cacheOf, PROGRAM, PROGRAMS, SENDER } from '../../native-host/install/code-cache.ts'
import { ENGINE_FLAGS } from '../../native-host/install/launcher.ts'
import { writeLauncher } from '../support/launched-host.ts'
import { LoadHost } from '../support/load-host.ts'
import { CLI } from './cli-fixture.ts'

const CODE = pathToFileURL(
  fileURLToPath(new URL('../../native-host/install/code-cache.ts', import.meta.url)),
).href
const ELAPSED = CODE.replace('install/code-cache', 'elapsed')

let root: string
let built: string

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'valetkey-test-'))
  built = join(root, 'host')
})
beforeEach(() => cpSync(dirname(CLI), built, { recursive: true, force: true }))
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** What a Node that runs as the launcher's prints for a module. */
const underEngineFlags = (module: string) => printed(ENGINE_FLAGS, module)

function printed(engine: readonly string[], program: string): string {
  const flags = [...engine, '--disable-warning=ExperimentalWarning', '--input-type=module', '-e', program]
  const { stdout, stderr } = spawnSync(process.execPath, flags, {
    encoding: 'utf8',
    env: {},
    timeout: 60_000,
  })
  return stdout + stderr
}

/** Whether the engine takes the code of one of the built programs from its cache. */
const isCached = (program: string) =>
  printed(
    // A shell starts the command with none.
    program === COMMAND ? [] : ENGINE_FLAGS,
    `import { compileProgram } from '${CODE}'
    console.log(compileProgram(${JSON.stringify(built)}, ${JSON.stringify(program)}).isCached)`,
  ).trim()

function change(file: string, how: (bytes: Buffer) => Uint8Array): void {
  const path = join(built, file)
  writeFileSync(path, how(readFileSync(path)))
}

/** The program of the copy works: the command says what it takes, the host starts and greets. */
async function works(program: string): Promise<void> {
  const command = join(built, 'cli.mjs')
  if (program === COMMAND) {
    const asked = [command, 'service', '--help']
    const { stdout } = spawnSync(process.execPath, asked, { encoding: 'utf8', env: {}, timeout: 60_000 })
    return expect(stdout).toContain('Usage: valetkey service')
  }
  const host = await LoadHost.start(writeLauncher(root, command, join(root, 'vault'), root))
  await host.close()
}

/** In each program a text to be changed to another of its length. */
const SAYS: Record<string, [string, string]> = {
  [PROGRAM]: ['a frame of no known shape', 'a frame of no shape known'],
  [SENDER]: ['invalid connections', 'connections invalid'],
  [COMMAND]: ['with one JSON value', 'with JSON one value'],
}

describe.each(PROGRAMS)('the code cache of %s', (program) => {
  test('is taken under the flags of the launcher', () => {
    expect(isCached(program)).toBe('true')
  })

  test('is not taken for a program that is another, of the same length', async () => {
    const [said, other] = SAYS[program] ?? ['', '']
    change(program, (bytes) => {
      const text = bytes.toString('latin1')
      expect(text).toContain(said)
      return Buffer.from(text.replace(said, other), 'latin1')
    })
    expect(isCached(program)).toBe('false')
    await works(program)
  })

  test.each([
    ['a byte of it is another', (bytes: Buffer) => bytes.with(-9, (bytes.at(-9) ?? 0) ^ 1)],
    ['it was cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    ['it is empty', () => Buffer.alloc(0)],
  ])('is not taken where %s', async (_what, how) => {
    change(cacheOf(program), how)
    expect(isCached(program)).toBe('false')
    await works(program)
  })

  test('may be missing', async () => {
    rmSync(join(built, cacheOf(program)))
    expect(isCached(program)).toBe('false')
    await works(program)
  })
})

/** What Node has loaded of its own, once the built host has started and then done something more. */
function loadedBy(more: string): string[] {
  return underEngineFlags(`
    process.argv.push('host', '--home', ${JSON.stringify(join(root, 'empty'))})
    await import(${JSON.stringify(pathToFileURL(join(built, 'main.mjs')).href)})
    ${more}
    console.log(process.moduleLoadList.join('\\n'))
    process.exit()`).split('\n')
}

test('the built host starts without what only a call, a playground or a sign-in needs', () => {
  const loaded = loadedBy('')
  expect(loaded).toContain('NativeModule sqlite')
  const late = ['http', 'http2', 'tls', 'dns', 'zlib', 'child_process', 'perf_hooks']
  for (const heavy of [...late, 'internal/deps/undici/undici'])
    expect(loaded).not.toContain(`NativeModule ${heavy}`)
})

test('what sends a call is loaded without what only names, TLS and codings need', () => {
  const loaded = loadedBy(`
    const { runProgram } = await import('${CODE.replace('code-cache', 'run-program')}')
    const { compileProgram } = await import('${CODE}')
    const { Connections } = runProgram(compileProgram(${JSON.stringify(built)}, '${SENDER}'))
    console.log(typeof new Connections({ timeouts: { connect: 1, headers: 1, idle: 1, kept: 1 } }).agent(
      { id: 'one', baseUrls: ['https://one.example'], local: null, ca: null }, null).request)`)
  expect(loaded).toContain('function')
  for (const heavy of [
    'http',
    'http2',
    'tls',
    'dns',
    'zlib',
    'assert',
    'perf_hooks',
    'internal/deps/undici/undici',
  ])
    expect(loaded).not.toContain(`NativeModule ${heavy}`)
})

test.each(PROGRAMS)('%s is one file: of the bundler it has its own copy', (program) => {
  const text = readFileSync(join(built, program), 'latin1')
  expect(text).toContain('__commonJS')
  expect(text).not.toMatch(/require\("\.\/rolldown-runtime/)
})

test('spans of time are told without what Node loads for `performance`', () => {
  const said = underEngineFlags(`
    import { elapsed } from '${ELAPSED}'
    const from = elapsed()
    console.log(elapsed() >= from, process.moduleLoadList.includes('NativeModule perf_hooks'))`)
  expect(said.trim()).toBe('true false')
})
