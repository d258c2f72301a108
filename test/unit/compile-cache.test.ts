import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { COMPILE_CACHE_FOLDER, compileCache } from '../support/compile-cache.ts'
import { runFromSource } from '../support/source-command.ts'

test('a program run from its source keeps what Node made of it in the folder of the run', async () => {
  expect(compileCache()).toEqual({ NODE_COMPILE_CACHE: expect.stringContaining('valetkey-compiled-') })
  const root = await mkdtemp(join(tmpdir(), 'valetkey-test-'))
  const kept = join(root, 'kept')
  vi.stubEnv(COMPILE_CACHE_FOLDER, kept)
  try {
    expect(await runFromSource(join(root, 'home'), ['--version'])).toMatchObject({ code: 0 })
    expect((await readdir(kept, { recursive: true })).length).toBeGreaterThan(100)
  } finally {
    vi.unstubAllEnvs()
    await rm(root, { recursive: true })
  }
})

test('outside a run of the tests nothing is kept', () => {
  vi.stubEnv(COMPILE_CACHE_FOLDER, undefined)
  expect(compileCache()).toEqual({})
  vi.unstubAllEnvs()
})
