import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { CODE_CACHE, PROGRAM } from '../../native-host/install/code-cache.ts'
import { ENGINE_FLAGS } from '../../native-host/install/launcher.ts'
import { writeLauncher } from '../support/launched-host.ts'
import { LoadHost } from '../support/load-host.ts'
import { CLI } from './cli-fixture.ts'

const CODE = pathToFileURL(
  fileURLToPath(new URL('../../native-host/install/code-cache.ts', import.meta.url)),
).href

let root: string
let built: string

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'valetkey-test-'))
  built = join(root, 'host')
})
beforeEach(() => cpSync(dirname(CLI), built, { recursive: true, force: true }))
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** What a Node that runs as the launcher's prints for a module. */
function underEngineFlags(program: string): string {
  const flags = [
    ...ENGINE_FLAGS,
    '--disable-warning=ExperimentalWarning',
    '--input-type=module',
    '-e',
    program,
  ]
  const { stdout, stderr } = spawnSync(process.execPath, flags, {
    encoding: 'utf8',
    env: {},
    timeout: 60_000,
  })
  return stdout + stderr
}

/** Whether the engine takes the built host's code from its cache. */
const isCached = () =>
  underEngineFlags(
    `import { compileProgram } from '${CODE}'; console.log(compileProgram(${JSON.stringify(built)}).isCached)`,
  ).trim()

function change(file: string, how: (bytes: Buffer) => Uint8Array): void {
  const path = join(built, file)
  writeFileSync(path, how(readFileSync(path)))
}

/** The host of the copy starts and greets. */
async function greets(): Promise<void> {
  const launcher = writeLauncher(root, join(built, 'cli.mjs'), join(root, 'vault'), root)
  const host = await LoadHost.start(launcher)
  await host.close()
}

describe('the code cache of the built host', () => {
  test('is taken under the flags of the launcher', () => {
    expect(isCached()).toBe('true')
  })

  test('is not taken for a program that is another, of the same length', async () => {
    change(PROGRAM, (bytes) => {
      const text = bytes.toString('latin1')
      expect(text).toContain('a frame of no known shape')
      return Buffer.from(text.replace('a frame of no known shape', 'a frame of no shape known'), 'latin1')
    })
    expect(isCached()).toBe('false')
    await greets()
  })

  test.each([
    ['a byte of it is another', (bytes: Buffer) => bytes.with(-9, (bytes.at(-9) ?? 0) ^ 1)],
    ['it was cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    ['it is empty', () => Buffer.alloc(0)],
  ])('is not taken where %s', async (_what, how) => {
    change(CODE_CACHE, how)
    expect(isCached()).toBe('false')
    await greets()
  })

  test('may be missing', async () => {
    rmSync(join(built, CODE_CACHE))
    expect(isCached()).toBe('false')
    await greets()
  })
})

test('the built host starts without what only a call, a playground or a sign-in needs', () => {
  const loaded = underEngineFlags(`
    process.argv.push('host', '--home', ${JSON.stringify(join(root, 'empty'))})
    await import(${JSON.stringify(pathToFileURL(join(built, 'main.mjs')).href)})
    console.log(process.moduleLoadList.join('\\n'))
    process.exit()`)
  expect(loaded).toContain('NativeModule sqlite')
  for (const heavy of ['http', 'http2', 'tls', 'internal/deps/undici/undici'])
    expect(loaded.split('\n')).not.toContain(`NativeModule ${heavy}`)
})
