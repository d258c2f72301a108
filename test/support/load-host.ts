import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { FrameReader } from '../../native-host/transport/frame-reader.ts'
import { PROTOCOL_VERSION, WINDOW_BYTES } from '../../shared/protocol/limits.ts'
import { framesIn } from '../../shared/protocol/several.ts'

/** What a call under load has seen. Bytes are counted and not kept. */
export interface LoadCall {
  readonly id: number
  bytes: number
  chunks: number
  status: number | null
  /** `end`, `cut` or `problem`, with its code. */
  ended: string | null
  /** Milliseconds from the ask to the first frame and to the end. */
  first: number | null
  last: number | null
  readonly over: Promise<void>
}

type Frame = {
  type: string
  id?: number
  document?: number
  status?: number
  code?: string
  text?: string
  base64?: string
  bytes?: number
}

/** A host process for load: like `NativeHost`, but it keeps no frame, so that gigabytes may pass. */
export class LoadHost {
  readonly process: ChildProcess
  readonly #calls = new Map<
    number,
    LoadCall & { over: Promise<void>; resolve(): void; reads: boolean; asked: number }
  >()
  #waiting: ((frame: Frame) => void)[] = []
  #last = 0

  private constructor(child: ChildProcess) {
    this.process = child
    const reader = new FrameReader()
    child.stdout?.on('data', (bytes: Buffer) => {
      for (const frame of [...reader.push(bytes)].flatMap(framesIn)) this.#take(frame as Frame)
    })
    child.stdin?.on('error', () => {})
  }

  /** Start the program at `launcher` and greet it. */
  static async start(launcher: string): Promise<LoadHost> {
    const child = spawn(launcher, ['chrome-extension://test/'], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: {},
    })
    const host = new LoadHost(child)
    const hello = host.#frame(({ type }) => type === 'hello')
    host.send({ type: 'hello', protocol: PROTOCOL_VERSION, version: 'load', heads: [] })
    await hello
    return host
  }

  /** Announce a document of a site that is connected. */
  async document(origin: string): Promise<number> {
    this.#last += 1
    const document = this.#last
    const caught = this.#frame((frame) => frame.type === 'catch' && frame.document === document)
    const witnessed = { origin, topOrigin: origin, tabId: 1, frameId: 0, documentId: `document-${document}` }
    this.send({ type: 'document', document, witnessed })
    await caught
    return document
  }

  /** Ask for a call. @param reads false: the page takes the first window and never gives credit. */
  ask(document: number, url: string, { reads = true, headers = [] as [string, string][] } = {}): LoadCall {
    this.#last += 1
    const { promise, resolve } = Promise.withResolvers<void>()
    const call = {
      id: this.#last,
      bytes: 0,
      chunks: 0,
      status: null,
      ended: null,
      first: null,
      last: null,
      over: promise,
      resolve,
      reads,
      asked: performance.now(),
    }
    this.#calls.set(call.id, call)
    const rest = { hasBody: false, bodyLength: null, redirect: 'follow' }
    this.send({ type: 'ask', id: call.id, document, method: 'GET', url, headers, ...rest })
    return call
  }

  cancel(call: LoadCall): void {
    this.#calls.delete(call.id)
    this.send({ type: 'cancel', id: call.id })
  }

  send(frame: object): void {
    const body = Buffer.from(JSON.stringify(frame))
    const header = Buffer.alloc(4)
    header.writeUInt32LE(body.length)
    this.process.stdin?.write(Buffer.concat([header, body]))
  }

  /** Most memory the process ever had resident, MiB (`VmHWM`). Linux. */
  peak(): number {
    const status = readFileSync(`/proc/${this.process.pid}/status`, 'utf8')
    return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024)
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.process.once('exit', resolve))
    this.process.stdin?.end()
    await ended
  }

  #frame(fits: (frame: Frame) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (frame: Frame) => {
        if (!fits(frame)) return
        this.#waiting = this.#waiting.filter((each) => each !== look)
        resolve()
      }
      this.#waiting.push(look)
    })
  }

  #take(frame: Frame): void {
    for (const look of this.#waiting) look(frame)
    const call = frame.id === undefined ? undefined : this.#calls.get(frame.id)
    if (call === undefined) return
    const now = performance.now() - call.asked
    call.first ??= now
    if (frame.type === 'head') call.status = frame.status ?? null
    else if (frame.type === 'chunk' || frame.type === 'packed') this.#chunk(call, frame)
    else if (frame.type === 'end' || frame.type === 'cut' || frame.type === 'problem') {
      call.ended = frame.code === undefined ? frame.type : `${frame.type} ${frame.code}`
      call.last = now
      this.#calls.delete(call.id)
      call.resolve()
    }
  }

  #chunk(call: LoadCall & { reads: boolean }, { type, text, base64, bytes: packed = 0 }: Frame): void {
    const plain = text === undefined ? Buffer.byteLength(base64 ?? '', 'base64') : Buffer.byteLength(text)
    const bytes = type === 'packed' ? packed : plain
    call.bytes += bytes
    call.chunks += 1
    if (call.reads) this.send({ type: 'credit', id: call.id, bytes: Math.min(bytes, WINDOW_BYTES) })
  }
}
