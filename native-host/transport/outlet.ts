import type { Writable } from 'node:stream'
import type { FrameToBackground } from '../../shared/protocol/native-frames.ts'
import { FairQueue } from './fair-queue.ts'
import { frameBytes, type SentFrame, severalBytes } from './frame-bytes.ts'
import type { SpareFrames } from './spare-frames.ts'

/** Frames of one site that may wait in the process for the browser to read them, in bytes, before its streams are held back. */
const HIGH_WATER = 1024 * 1024

/** What is handed to the system's pipe cannot be taken back; no more than this is, in bytes, before the browser has read. */
const BEYOND_RECALL = 64 * 1024

/** Frames of calls go together in one message up to this length, in bytes: a longer one costs more to put together than to send. */
const TOGETHER_BYTES = 16 * 1024

/** What a frame costs its site besides its bytes, as so many of them. */
const FRAME_BYTES = 512

/** A frame that waits, ready to be written. */
interface Waiting {
  /** The call whose chunk it is; null for every other frame. */
  readonly chunkOf: number | null
  readonly site: string
  readonly bytes: Buffer
  /** True for a short frame of a call: it may go with others of its site. */
  readonly joins: boolean
  readonly written: () => void
}

/** Where the frames of one site's calls go. */
export interface Lane {
  /** Write one frame, after all that was sent here before. @throws RangeError for one the browser would kill the port for. */
  send(frame: SentFrame): void
  /** True while so much waits for the browser that a stream has to. */
  isFull(): boolean
  /** Resolves when the browser has read enough for a stream to go on; null while it need not wait. */
  ready(): Promise<void> | null
}

/** What is no site's: the browser's documents, the owner's commands. */
const NO_SITE = ''
const OF_CALLS = new Set<FrameToBackground['type']>([
  'head',
  'chunk',
  'packed',
  'end',
  'cut',
  'problem',
  'credit',
])
/** What most often has the end of its call right behind it, where its head has only just been sent. */
const GOES_ON = new Set<FrameToBackground['type']>(['chunk', 'packed'])
/** An acknowledgement says what is over: nothing that was sent before it comes after it, whosever that is. */
const ACKNOWLEDGEMENTS = new Set<FrameToBackground['type']>(['reply', 'refusal'])

/**
 * The host's end of the native wire. Everything the process writes to stdout goes through here. Sites take turns on it,
 * frame by frame and each for as many bytes as another; the frames of one site keep their order.
 */
export class Outlet implements Lane {
  readonly #stream: Writable
  readonly #queue = new FairQueue<Waiting>()
  readonly #spare: SpareFrames | undefined
  /** Bytes in the queue and whoever waits for them to become fewer, by site. */
  readonly #queued = new Map<string, number>()
  readonly #waiting = new Map<string, (() => void)[]>()
  #closed = false
  /** True while what waits is handed on without a further frame. */
  #isDue = false

  /**
   * @param spare where room for frames is taken from and given back to. Only for a stream that is done with what it was given once
   *   it says so, as a pipe of the system is; one that keeps it for a reader would have the next frame in it.
   */
  constructor(stream: Writable, spare?: SpareFrames) {
    this.#stream = stream
    this.#spare = spare
    // EPIPE once the browser has gone: the end of stdin ends the process, this only keeps it from crashing first.
    stream.on('error', () => this.close())
  }

  /** The way of one site's frames. */
  lane(site: string): Lane {
    return {
      send: (frame) => this.send(frame, site),
      ready: () => this.ready(site),
      isFull: () => this.isFull(site),
    }
  }

  send(frame: SentFrame, site = NO_SITE): void {
    if (this.#closed) return
    const chunkOf = frame.type === 'chunk' || frame.type === 'packed' ? frame.id : null
    const isLast = ACKNOWLEDGEMENTS.has(frame.type)
    const bytes = frameBytes(frame, this.#spare)
    const joins = OF_CALLS.has(frame.type) && bytes.length < TOGETHER_BYTES
    this.#put({ chunkOf, site, bytes, joins, written: () => {} }, isLast)
    if (frame.type === 'head') this.#handSoon()
    else if (!this.#isDue || !joins || !GOES_ON.has(frame.type)) this.#hand()
  }

  /** Take back the chunks of a call that the browser has not been given yet: a page slow to read is given none of them. */
  recall(call: number): void {
    this.#queue.remove(
      ({ chunkOf }) => chunkOf === call,
      (waiting) => this.#left(waiting),
    )
  }

  ready(site = NO_SITE): Promise<void> | null {
    if (this.#closed || !this.isFull(site)) return null
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(site)
      if (waiting === undefined) this.#waiting.set(site, [resolve])
      else waiting.push(resolve)
    })
  }

  /** Resolves when all that was sent has been handed to the operating system. */
  flushed(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#closed) resolve()
      else {
        this.#put(
          { chunkOf: null, site: NO_SITE, bytes: Buffer.alloc(0), joins: false, written: resolve },
          true,
        )
        this.#hand()
      }
    })
  }

  close(): void {
    this.#closed = true
    this.#queue.remove(
      () => true,
      ({ written }) => written(),
    )
    this.#queued.clear()
    for (const site of [...this.#waiting.keys()]) this.#release(site)
  }

  #put(waiting: Waiting, isLast: boolean): void {
    const { site, bytes } = waiting
    this.#queue.push(site, waiting, FRAME_BYTES + bytes.length, isLast)
    this.#queued.set(site, (this.#queued.get(site) ?? 0) + bytes.length)
  }

  /**
   * Before the event loop comes by again, or with the next frame that does not wait for this: most answers have all of a small
   * body in the packet of their head, and a browser is woken once for all of it.
   */
  #handSoon(): void {
    if (this.#isDue) return
    this.#isDue = true
    setImmediate(() => {
      this.#isDue = false
      this.#hand()
    })
  }

  /** Hand on what waits, site by site, as far as the browser reads: what can go at once goes in one write. */
  #hand(): void {
    this.#stream.cork()
    while (this.#stream.writableLength < BEYOND_RECALL) {
      const next = this.#queue.next()
      if (next === undefined) break
      const all = next.joins ? this.#joined(next) : [next]
      this.#stream.write(severalBytes(all.map(({ bytes }) => bytes)), () => {
        this.#spare?.give(next.bytes)
        next.written()
        this.#hand()
      })
      for (const each of all) this.#left(each)
    }
    this.#stream.uncork()
  }

  /** A frame with those of its site that follow it and may go with it. */
  #joined(first: Waiting): Waiting[] {
    const all = [first]
    let room = TOGETHER_BYTES - first.bytes.length
    const fits = ({ joins, bytes }: Waiting) => joins && bytes.length <= room
    for (;;) {
      const next = this.#queue.nextOf(first.site, fits)
      if (next === undefined) return all
      all.push(next)
      room -= next.bytes.length
    }
  }

  /** A frame has left the queue: there is room for others of its site. */
  #left({ site, bytes }: Waiting): void {
    const rest = (this.#queued.get(site) ?? 0) - bytes.length
    if (rest > 0) this.#queued.set(site, rest)
    else this.#queued.delete(site)
    if (!this.isFull(site)) this.#release(site)
  }

  isFull(site = NO_SITE): boolean {
    return (this.#queued.get(site) ?? 0) >= HIGH_WATER
  }

  #release(site: string): void {
    const waiting = this.#waiting.get(site) ?? []
    this.#waiting.delete(site)
    for (const go of waiting) go()
  }
}
