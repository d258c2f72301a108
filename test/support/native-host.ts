import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { FrameReader } from '../../native-host/transport/frame-reader.ts'
import type { AskFrame } from '../../shared/protocol/call-frames.ts'
import type { Command, CommandName, CommandResults } from '../../shared/protocol/commands.ts'
import { CHUNK_BYTES, PROTOCOL_VERSION } from '../../shared/protocol/limits.ts'
import type {
  FrameToBackground,
  FrameToHost,
  KeptHead,
  Witnessed,
} from '../../shared/protocol/native-frames.ts'
import { framesIn } from '../../shared/protocol/several.ts'
import { chunkBytes } from './chunk-bytes.ts'
import { compileCache } from './compile-cache.ts'

const MAIN = fileURLToPath(new URL('../../native-host/main.ts', import.meta.url))

type Frame = FrameToBackground

/** The real host process, driven over its stdin and stdout as a browser drives it. */
export class NativeHost {
  readonly process: ChildProcess
  readonly frames: Frame[] = []
  /** Everything the process wrote to stdout and stderr, for searching. */
  readonly written: Buffer[] = []
  readonly #complaints: Buffer[] = []
  readonly exited: Promise<number | null>
  #waiting: (() => void)[] = []
  #lastId = 0

  /** Start a host on a data directory, without a hello: from its source, or by an installed launcher. */
  constructor(home: string, launcher?: string) {
    const [program, ...before] =
      launcher === undefined ? [process.execPath, MAIN, '--home', home] : [launcher]
    this.process = spawn(program, [...before, 'chrome-extension://test/'], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH ?? '', HOME: home, ...compileCache() },
    })
    const reader = new FrameReader()
    this.process.stdout?.on('data', (bytes: Buffer) => {
      this.written.push(bytes)
      for (const frame of [...reader.push(bytes)].flatMap(framesIn)) this.frames.push(frame as Frame)
      this.#wake()
    })
    this.process.stderr?.on('data', (bytes: Buffer) => {
      this.written.push(bytes)
      this.#complaints.push(bytes)
    })
    this.process.stdin?.on('error', () => {})
    this.exited = new Promise((resolve) => this.process.on('exit', (code) => resolve(code)))
    void this.exited.then(() => this.#wake())
  }

  /** Start a host and wait for its hello. @param heads of logs, that a browser would have kept. */
  static async start(home: string, launcher?: string, heads: KeptHead[] = []): Promise<NativeHost> {
    const host = new NativeHost(home, launcher)
    host.send({ type: 'hello', protocol: PROTOCOL_VERSION, version: 'test', heads })
    await host.next((frame) => frame.type === 'hello')
    return host
  }

  /** What the process wrote to stderr: a browser keeps it in its log. */
  stderr(): string {
    return Buffer.concat(this.#complaints).toString()
  }

  /** A number no other frame of this host has. */
  id(): number {
    this.#lastId += 1
    return this.#lastId
  }

  send(frame: FrameToHost | object): void {
    const body = Buffer.from(JSON.stringify(frame))
    const header = Buffer.alloc(4)
    header.writeUInt32LE(body.length)
    this.raw(Buffer.concat([header, body]))
  }

  raw(bytes: Uint8Array): void {
    this.process.stdin?.write(bytes)
  }

  /** The first frame, past or to come, that fits. Rejects when the host exits without one. */
  async next<F extends Frame>(fits: (frame: Frame) => boolean): Promise<F> {
    for (;;) {
      const found = this.frames.find(fits)
      if (found !== undefined) return found as F
      if (this.process.exitCode !== null || this.process.signalCode !== null)
        throw new Error('the host exited')
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
  }

  /** Order something as an extension page does. Rejects with the refusal. */
  async order<N extends CommandName>(command: Extract<Command, { name: N }>): Promise<CommandResults[N]> {
    const id = this.id()
    this.send({ type: 'command', id, command })
    const answer = await this.next<Extract<Frame, { type: 'reply' | 'refusal' }>>(
      (frame) => (frame.type === 'reply' || frame.type === 'refusal') && frame.id === id,
    )
    if (answer.type === 'refusal') throw Object.assign(new Error(answer.message), { code: answer.code })
    return answer.value as CommandResults[N]
  }

  /** Announce a document and wait for its list of caught URLs. */
  async document(
    witnessed: Partial<Witnessed> & { origin: string },
  ): Promise<{ id: number; caught: string[] }> {
    const id = this.id()
    this.send({
      type: 'document',
      document: id,
      witnessed: {
        topOrigin: witnessed.origin,
        tabId: 1,
        frameId: 0,
        documentId: `document-${id}`,
        ...witnessed,
      },
    })
    const frame = await this.next<Extract<Frame, { type: 'catch' }>>(
      (each) => each.type === 'catch' && each.document === id,
    )
    return { id, caught: frame.baseUrls }
  }

  /** Ask for a call and send its body, if any; `answer` gathers what comes back. */
  ask(document: number, method: string, url: string, options: AskOptions = {}): PageCall {
    const id = this.id()
    const body = options.body === undefined ? null : Buffer.from(options.body)
    this.send({
      type: 'ask',
      id,
      document,
      method,
      url,
      headers: options.headers ?? [],
      hasBody: body !== null,
      bodyLength: options.isStream === true ? null : (body?.length ?? null),
      redirect: options.redirect ?? 'follow',
    })
    if (body !== null) {
      for (let from = 0; from < body.length; from += CHUNK_BYTES)
        this.send({ type: 'body', id, base64: body.subarray(from, from + CHUNK_BYTES).toString('base64') })
      this.send({ type: 'body-end', id })
    }
    return new PageCall(this, id)
  }

  /** Close the wire as a browser does when it ends, and wait for the process. */
  async close(): Promise<number | null> {
    this.process.stdin?.end()
    return this.exited
  }

  #wake(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const go of waiting) go()
  }
}

export interface AskOptions {
  headers?: [string, string][]
  body?: string | Uint8Array
  /** The page does not say how long its body is. */
  isStream?: boolean
  redirect?: AskFrame['redirect']
}

type Ended = Extract<Frame, { type: 'end' | 'cut' | 'problem' }>

/** The page's side of one call. */
export class PageCall {
  readonly id: number
  readonly #host: NativeHost

  constructor(host: NativeHost, id: number) {
    this.id = id
    this.#host = host
  }

  /** The head, once it came. Rejects where the call ended without one. */
  async head(): Promise<Extract<Frame, { type: 'head' }>> {
    const first = await this.#host.next<Ended | Extract<Frame, { type: 'head' }>>(
      (frame) =>
        (frame.type === 'head' || frame.type === 'cut' || frame.type === 'problem') && frame.id === this.id,
    )
    if (first.type !== 'head') throw new Error(`the call got no head: ${JSON.stringify(first)}`)
    return first
  }

  /** How it ended: `end`, `cut` or `problem`. */
  ended(): Promise<Ended> {
    return this.#host.next(
      (frame) =>
        (frame.type === 'end' || frame.type === 'cut' || frame.type === 'problem') && frame.id === this.id,
    )
  }

  /** The bytes of the chunks that came so far. */
  bytes(): Buffer {
    const own = this.#host.frames.filter((frame) => 'id' in frame && frame.id === this.id)
    return Buffer.concat(own.map(chunkBytes))
  }

  /** The whole text, after an orderly end. */
  async text(): Promise<string> {
    const ended = await this.ended()
    if (ended.type !== 'end') throw new Error(`the call ended with ${ended.type} ${ended.code}`)
    return this.bytes().toString()
  }

  cancel(): void {
    this.#host.send({ type: 'cancel', id: this.id })
  }
}
