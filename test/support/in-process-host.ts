import { Writable } from 'node:stream'
import { Door } from '../../native-host/owner/door.ts'
import { Commands } from '../../native-host/transport/commands.ts'
import { Connection } from '../../native-host/transport/connection.ts'
import { FrameReader } from '../../native-host/transport/frame-reader.ts'
import { Outlet } from '../../native-host/transport/outlet.ts'
import type { UpstreamOptions } from '../../native-host/upstream/send.ts'
import type { Command } from '../../shared/protocol/commands.ts'
import { PROTOCOL_VERSION } from '../../shared/protocol/limits.ts'
import type { FrameToBackground, FrameToHost } from '../../shared/protocol/native-frames.ts'
import { framesIn } from '../../shared/protocol/several.ts'

/** A frame the host wrote, and when, by `performance.now()`. */
export interface Written {
  readonly frame: FrameToBackground
  readonly at: number
}

/**
 * Everything `main.ts` ties together, in this process and without its stdin: for races by the thousand, where what
 * happens in one turn of the event loop must be seen. The process itself is `NativeHost`.
 */
export class InProcessHost {
  readonly written: Written[] = []
  locked = false
  readonly #door: Door
  readonly #connection: Connection
  #waiting: (() => void)[] = []
  #lastId = 0

  private constructor(home: string, upstream: UpstreamOptions, now: () => number) {
    const reader = new FrameReader()
    const stream = new Writable({
      write: (bytes: Buffer, _encoding, done) => {
        for (const frame of [...reader.push(bytes)].flatMap(framesIn)) this.#take(frame as FrameToBackground)
        done()
      },
    })
    const outlet = new Outlet(stream)
    const events = {
      change: () => this.#connection.changed(),
      activity: () => this.#connection.activity(),
      lock: () => {
        this.locked = true
      },
    }
    this.#door = new Door(home, events, now, upstream)
    const commands = new Commands(outlet, this.#door, () => {})
    this.#connection = new Connection(outlet, this.#door, (frame) => void commands.run(frame))
  }

  /** A host on a data directory whose vault another one holds open. */
  static async open(
    home: string,
    upstream: UpstreamOptions = {},
    now: () => number = Date.now,
  ): Promise<InProcessHost> {
    const host = new InProcessHost(home, upstream, now)
    await host.receive({ type: 'hello', protocol: PROTOCOL_VERSION, version: 'test' })
    return host
  }

  id(): number {
    this.#lastId += 1
    return this.#lastId
  }

  /** Give the host a frame, as if it had come over stdin. */
  receive(frame: FrameToHost): Promise<void> {
    return this.#connection.receive(frame)
  }

  /** The first frame, past or to come, that fits. Rejects after thirty seconds. */
  async next(what: string, fits: (frame: FrameToBackground) => boolean): Promise<Written> {
    const end = performance.now() + 30_000
    for (;;) {
      const found = this.written.find(({ frame }) => fits(frame))
      if (found !== undefined) return found
      if (performance.now() > end) throw new Error(`waited in vain for ${what}`)
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve)
        setTimeout(resolve, 1000).unref()
      })
    }
  }

  /** Order something; when the answer was written. Rejects with the refusal's code. */
  async order(command: Command): Promise<Written> {
    const id = this.id()
    void this.receive({ type: 'command', id, command })
    const answer = await this.next(
      `the answer to ${command.name}`,
      (frame) => (frame.type === 'reply' || frame.type === 'refusal') && frame.id === id,
    )
    if (answer.frame.type === 'refusal') throw new Error(answer.frame.code)
    return answer
  }

  /** Open a document of a site and wait until it has URLs to catch. */
  async document(origin: string): Promise<number> {
    const document = this.id()
    const witnessed = { origin, topOrigin: origin, tabId: 1, frameId: 0, documentId: null }
    await this.receive({ type: 'document', document, witnessed })
    await this.next(
      'the list of caught URLs',
      (frame) => frame.type === 'catch' && frame.document === document && frame.baseUrls.length > 0,
    )
    return document
  }

  /** Frames of one call, in the order they were written. */
  of(call: number): Written[] {
    return this.written.filter(
      ({ frame }) => 'id' in frame && frame.id === call && frame.type !== 'reply' && frame.type !== 'refusal',
    )
  }

  close(): void {
    this.#connection.close()
    this.#door.close()
  }

  #take(frame: FrameToBackground): void {
    this.written.push({ frame, at: performance.now() })
    const waiting = this.#waiting
    this.#waiting = []
    for (const go of waiting) go()
  }
}
