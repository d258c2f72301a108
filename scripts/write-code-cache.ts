import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { ENGINE_FLAGS } from '../native-host/install/launcher.ts'
import { RecordedCalls } from './recorded-calls.ts'

const RECORDER = fileURLToPath(new URL('./record-code-cache.ts', import.meta.url))
/** On a busy machine, ms. */
const LONGEST_MS = 60_000

/**
 * Have the host that was built into `folder` open a vault and send two calls to a service on this machine, all of which is thrown
 * away, and keep the compiled code of what ran: V8 compiles a function when it is called first, so a cache saves what was
 * called while it was recorded.
 *
 * The engine's flags are the launcher's, because V8 takes no cache that was recorded with others.
 */
export async function writeCodeCache(folder: string): Promise<void> {
  const calls = await RecordedCalls.prepare()
  const args = [...ENGINE_FLAGS, '--disable-warning=ExperimentalWarning', RECORDER, folder]
  const child = spawn(process.execPath, [...args, '--home', calls.vault], {
    stdio: ['pipe', 'pipe', 'inherit', 'ipc'],
    env: { HOME: calls.vault },
    timeout: LONGEST_MS,
  })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', resolve)
  })
  try {
    await Promise.race([calls.make(child), ended])
    child.send('record')
    const code = await ended
    if (code !== 0) throw new Error(`the built host ended with ${code} while its code cache was recorded`)
  } finally {
    child.kill()
    await calls.close()
  }
}
