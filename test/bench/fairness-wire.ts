import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { FrameReader } from '../../native-host/transport/frame-reader.ts'
import type { Command, CommandName, CommandResults } from '../../shared/protocol/commands.ts'
import { CHUNK_BYTES, PROTOCOL_VERSION } from '../../shared/protocol/limits.ts'
import { framesIn } from '../../shared/protocol/several.ts'

/** A frame from the host, as far as the bench looks at it. */
export type Frame = {
  type: string
  id?: number
  document?: number
  text?: string
  base64?: string
  bytes?: number
  value?: unknown
  code?: string
}

/** How a page treats the answers of a call. */
export interface Page {
  readonly method?: string
  /** Bytes it sends, as fast as it is let; absent: no body. */
  readonly upload?: number
  /** False: it takes the first window and never reads on. */
  readonly reads?: boolean
  /** Told the bytes of each piece of the answer as it comes. */
  readonly onBytes?: (bytes: number) => void
}

const PIECE = Buffer.alloc(CHUNK_BYTES, 0x5a).toString('base64')

/** A host process and the browser's end of its wire, which keeps nothing of what passes. */
export class Wire {
  readonly process: ChildProcess
  readonly #calls = new Map<number, (frame: Frame) => void>()
  readonly #documents = new Map<number, () => void>()
  #greeted: () => void = () => {}
  #last = 0

  private constructor(program: readonly string[]) {
    const [file = '', ...rest] = program
    this.process = spawn(file, rest, { stdio: ['pipe', 'pipe', 'inherit'], env: {} })
    const reader = new FrameReader()
    this.process.stdout?.on('data', (bytes: Buffer) => {
      for (const frame of [...reader.push(bytes)].flatMap(framesIn)) this.#take(frame as Frame)
    })
    this.process.stdin?.on('error', () => {})
  }

  /** Start a host and greet it. */
  static async start(program: readonly string[]): Promise<Wire> {
    const wire = new Wire(program)
    const greeted = new Promise<void>((resolve) => (wire.#greeted = resolve))
    wire.#send({ type: 'hello', protocol: PROTOCOL_VERSION, version: 'bench', heads: [] })
    await greeted
    return wire
  }

  /** Open a document of a connected site. */
  async document(origin: string): Promise<number> {
    const document = this.#id()
    const caught = new Promise<void>((resolve) => this.#documents.set(document, resolve))
    const witnessed = { origin, topOrigin: origin, tabId: 1, frameId: 0, documentId: `document-${document}` }
    this.#send({ type: 'document', document, witnessed })
    await caught
    return document
  }

  /** Close a document, with all its calls. */
  leave(document: number): void {
    this.#send({ type: 'document-gone', document })
  }

  /** Ask for a call. `over` resolves with how it ended: `end`, `cut`, `problem`. */
  ask(document: number, url: string, { method = 'GET', upload, reads = true, onBytes }: Page = {}) {
    const id = this.#id()
    const { promise: over, resolve } = Promise.withResolvers<string>()
    let left = upload ?? 0
    const give = (room: number) => {
      for (let bytes = Math.min(room, left); bytes > 0; bytes -= CHUNK_BYTES) {
        this.#send({ type: 'body', id, base64: PIECE })
        left -= CHUNK_BYTES
      }
      if (left <= 0) this.#send({ type: 'body-end', id })
    }
    this.#calls.set(id, (frame) => {
      if (frame.type === 'credit' && left > 0) give(frame.bytes ?? 0)
      const isChunk = frame.type === 'chunk' || frame.type === 'packed'
      if (isChunk) onBytes?.(lengthOf(frame))
      if (isChunk && reads) this.#send({ type: 'credit', id, bytes: lengthOf(frame) })
      if (frame.type !== 'end' && frame.type !== 'cut' && frame.type !== 'problem') return
      this.#calls.delete(id)
      resolve(frame.type)
    })
    const body = { hasBody: upload !== undefined, bodyLength: upload ?? null }
    const headers = upload === undefined ? [] : [['content-type', 'application/octet-stream']]
    this.#send({ type: 'ask', id, document, method, url, headers, ...body, redirect: 'follow' })
    if (upload !== undefined) give(8 * CHUNK_BYTES)
    return { over, cancel: () => this.#cancel(id) }
  }

  /** Order something as an extension page does. Rejects with the refusal's code. */
  order<N extends CommandName>(command: Extract<Command, { name: N }>): Promise<CommandResults[N]> {
    const id = this.#id()
    return new Promise((resolve, reject) => {
      this.#calls.set(id, ({ type, value, code }) => {
        this.#calls.delete(id)
        if (type === 'reply') resolve(value as CommandResults[N])
        else reject(new Error(code))
      })
      this.#send({ type: 'command', id, command })
    })
  }

  /** For how long the host's main thread has run, and has waited for a processor, ms (`schedstat`). Linux; elsewhere zeros. */
  schedule(): { worked: number; waited: number } {
    try {
      const [worked = 0, waited = 0] = readFileSync(`/proc/${this.process.pid}/schedstat`, 'utf8')
        .split(' ')
        .map((nanoseconds) => Number(nanoseconds) / 1e6)
      return { worked, waited }
    } catch {
      return { worked: 0, waited: 0 }
    }
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.process.once('exit', resolve))
    this.process.stdin?.end()
    await ended
  }

  #cancel(id: number): void {
    this.#calls.delete(id)
    this.#send({ type: 'cancel', id })
  }

  #id(): number {
    this.#last += 1
    return this.#last
  }

  #send(frame: object): void {
    const body = Buffer.from(JSON.stringify(frame))
    const header = Buffer.alloc(4)
    header.writeUInt32LE(body.length)
    this.process.stdin?.write(Buffer.concat([header, body]))
  }

  #take(frame: Frame): void {
    if (frame.type === 'hello') this.#greeted()
    else if (frame.type === 'catch') this.#documents.get(frame.document ?? -1)?.()
    else if (frame.id !== undefined) this.#calls.get(frame.id)?.(frame)
  }
}

function lengthOf({ type, text, base64, bytes = 0 }: Frame): number {
  if (type === 'packed') return bytes
  return text === undefined ? Buffer.byteLength(base64 ?? '', 'base64') : Buffer.byteLength(text)
}
