import { spawn } from 'node:child_process'
import * as z from 'zod/mini'
import { MAX_FRAME_FROM_HOST, PROTOCOL_VERSION } from '../../shared/protocol/limits.ts'
import { CHROMIUM_ID } from './extension-id.ts'

/** How long a host may take to answer, ms: a cold start under load takes tenths of a second. */
const PATIENCE_MS = 10_000
/** How long one that answered may take to end, ms. */
const LEAVING_MS = 2000
const HEADER_BYTES = 4

const HelloSchema = z.object({ type: z.literal('hello'), protocol: z.int(), version: z.string() })

/** What a host answered to a hello, or why there was no answer. */
export type HelloAnswer = { version: string; protocol: number } | { fault: string }

/**
 * Start a launcher as a browser would, say hello, read the first frame, and end it.
 *
 * The frame is native messaging's: a length of four bytes in the machine's order, then JSON (Chrome for Developers,
 * "Native messaging protocol").
 */
export function sayHello(launcher: string, version: string): Promise<HelloAnswer> {
  const windows = process.platform === 'win32'
  return new Promise((resolve) => {
    const child = spawn(windows ? `"${launcher}"` : launcher, [`chrome-extension://${CHROMIUM_ID}/`], {
      stdio: ['pipe', 'pipe', 'ignore'],
      shell: windows,
      windowsHide: true,
    })
    const timer = setTimeout(() => finish({ fault: 'it does not answer' }), PATIENCE_MS)
    let last: NodeJS.Timeout | undefined
    const finish = (answer: HelloAnswer) => {
      clearTimeout(timer)
      // One that answered ends by itself, and takes its lease with it; whatever does not is ended.
      child.stdin.end()
      last ??= setTimeout(() => child.kill('SIGKILL'), 'fault' in answer ? 0 : LEAVING_MS)
      resolve(answer)
    }
    child.once('error', () => finish({ fault: 'it does not start' }))
    child.once('exit', () => {
      finish({ fault: 'it ends before it answers' })
      clearTimeout(last)
    })
    child.stdin.on('error', () => {})
    child.stdin.write(frameOf({ type: 'hello', protocol: PROTOCOL_VERSION, version }))
    let received = Buffer.alloc(0)
    child.stdout.on('data', (bytes: Buffer) => {
      received = Buffer.concat([received, bytes])
      const answer = answerIn(received)
      if (answer !== null) finish(answer)
    })
  })
}

function frameOf(value: unknown): Uint8Array {
  const text = Buffer.from(JSON.stringify(value))
  const header = new Uint8Array(new Uint32Array([text.length]).buffer)
  return Buffer.concat([header, text])
}

/** Null until the first frame is whole. */
function answerIn(received: Buffer): HelloAnswer | null {
  if (received.length < HEADER_BYTES) return null
  const header = received.buffer.slice(received.byteOffset, received.byteOffset + HEADER_BYTES)
  const length = new Uint32Array(header)[0] ?? 0
  if (length > MAX_FRAME_FROM_HOST) return { fault: 'it writes something else than frames' }
  if (received.length < HEADER_BYTES + length) return null
  return readHello(received.subarray(HEADER_BYTES, HEADER_BYTES + length).toString('utf8'))
}

function readHello(text: string): HelloAnswer {
  try {
    const { protocol, version } = z.parse(HelloSchema, JSON.parse(text))
    return protocol === PROTOCOL_VERSION
      ? { protocol, version }
      : { fault: `it speaks protocol ${protocol}, this command ${PROTOCOL_VERSION}` }
  } catch {
    return { fault: 'its first frame is not a hello' }
  }
}
