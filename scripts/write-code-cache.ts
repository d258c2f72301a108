import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ENGINE_FLAGS } from '../native-host/install/launcher.ts'
import { FrameReader } from '../native-host/transport/frame-reader.ts'
import { PROTOCOL_VERSION } from '../shared/protocol/limits.ts'
import type { FrameToHost } from '../shared/protocol/native-frames.ts'

const RECORDER = fileURLToPath(new URL('./record-code-cache.ts', import.meta.url))
/** Most of it is the derivation of a key, on a busy machine, ms. */
const LONGEST_MS = 60_000

/**
 * Have the host that was built into `folder` say hello and make a vault, which is thrown away, and keep the compiled code of
 * what ran: V8 compiles a function when it is called first, so a cache saves what was called while it was recorded.
 *
 * The engine's flags are the launcher's, because V8 takes no cache that was recorded with others.
 */
export async function writeCodeCache(folder: string): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'valetkey-build-'))
  const args = [...ENGINE_FLAGS, '--disable-warning=ExperimentalWarning', RECORDER, folder, '--home', home]
  const child = spawn(process.execPath, args, {
    stdio: ['pipe', 'pipe', 'inherit', 'ipc'],
    env: { HOME: home },
    timeout: LONGEST_MS,
  })
  try {
    await record(child)
  } finally {
    child.kill()
    await rm(home, { recursive: true, force: true })
  }
}

async function record(child: ChildProcess): Promise<void> {
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', resolve)
  })
  const send = (frame: FrameToHost) => child.stdin?.write(wireBytes(frame))
  const answered = answers(child)
  send({ type: 'hello', protocol: PROTOCOL_VERSION, version: 'build' })
  send({
    type: 'command',
    id: 1,
    command: { name: 'vault-init', passphrase: `${randomUUID()} ${randomUUID()}` },
  })
  await Promise.race([answered, ended])
  child.send('record')
  const code = await ended
  if (code !== 0) throw new Error(`the built host ended with ${code} while its code cache was recorded`)
}

function wireBytes(frame: FrameToHost): Buffer {
  const text = Buffer.from(JSON.stringify(frame))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(text.length)
  return Buffer.concat([length, text])
}

/** Resolves with the answer to the command. */
function answers(child: ChildProcess): Promise<void> {
  const reader = new FrameReader()
  return new Promise((resolve) => {
    child.stdout?.on('data', (bytes: Buffer) => {
      for (const frame of reader.push(bytes)) if ('type' in frame && frame.type === 'reply') resolve()
    })
  })
}
