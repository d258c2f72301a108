import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { OwnedVault } from '../test/support/owned-vault.ts'

const RECORDER = fileURLToPath(new URL('./record-command-cache.ts', import.meta.url))
/** On a busy machine, ms. */
const LONGEST_MS = 60_000
/** What owners enter first, and look at most. */
const LINES = [
  'service add recorded --base-url http://127.0.0.1:1/v1 --auth bearer --local --secret-stdin',
  'capability add chat --service recorded --allow',
  'grant add https://recorded.example chat',
  'service list',
  'grant list',
  'session list',
  'audit list',
].map((line) => [...line.split(' '), ...(line.endsWith('--allow') ? ['GET /v1/models'] : [])])

/**
 * Have the command that was built into `folder` do what owners do with it, on a vault that is thrown away, and keep the compiled
 * code of what ran: half of a short command's time went to compiling it.
 *
 * No flags of the engine: the command runs with none.
 */
export async function writeCommandCache(folder: string): Promise<void> {
  const vault = await OwnedVault.create()
  try {
    await new Promise<void>((resolve, reject) => {
      const args = ['--disable-warning=ExperimentalWarning', RECORDER, folder, JSON.stringify(LINES)]
      const env = { HOME: vault.home, VALETKEY_HOME: vault.home }
      const child = execFile(process.execPath, args, { env, timeout: LONGEST_MS }, (error, _out, told) =>
        error === null ? resolve() : reject(new Error(`the command's code cache was not recorded: ${told}`)),
      )
      child.stdin?.end(`sk-recorded-${crypto.randomUUID()}`)
    })
  } finally {
    await vault.remove()
  }
}
