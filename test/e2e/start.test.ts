import { spawn } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const start = fileURLToPath(new URL('../../scripts/start.ts', import.meta.url))

/** Run `npm start` with a temporary folder of its own, so that what it leaves behind can be seen. */
async function run(...args: string[]): Promise<{ code: number | null; said: string; left: string[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'valetkey-start-'))
  try {
    const child = spawn(process.execPath, [start, ...args], { env: { ...process.env, TMPDIR: folder } })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        said += chunk.toString('utf8')
      })
    }
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
    return { code, said, left: (await readdir(folder)).filter((name) => name.startsWith('valetkey')) }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

test.each(['chromium', 'firefox'])(
  'npm start tells the whole story in %s and leaves nothing behind',
  async (browser) => {
    const { code, said, left } = await run('--headless', '--browser', browser)
    expect(said).not.toContain('✗')
    expect(code).toBe(0)
    for (const told of [
      'Refused by the API: 401',
      'A valet key starts the engine',
      'the key arrived, the placeholder did not',
      'not found in page: all its scripts can reach',
      'Refused by Valet Key: session-ended (403)',
      'none changed, removed or reordered',
    ]) {
      expect(said).toContain(told)
    }
    expect(left).toEqual([])
  },
  300_000,
)

test('npm start refuses arguments it does not know, before anything is started', async () => {
  const { code, said } = await run('--browser', 'netscape')
  expect(code).toBe(1)
  expect(said).toContain('unknown browser `netscape`')
})
