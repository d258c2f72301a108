import { FrameToHostSchema } from '../../shared/protocol/frame-to-host.ts'
import { PROTOCOL_VERSION } from '../../shared/protocol/limits.ts'
import type { FrameToHost, KeptHead, NativeAsk, VaultState } from '../../shared/protocol/native-frames.ts'
import type { Door } from '../owner/door.ts'
import { Problem } from '../problem.ts'
import { VERSION } from '../version.ts'
import { BodyPiece } from './body-frame.ts'
import { CallChannel } from './call-channel.ts'
import { Documents } from './documents.ts'
import { BrokenWire } from './frame-reader.ts'
import type { Outlet } from './outlet.ts'
import { Turns } from './turns.ts'

/** Counts change with every call; whoever shows them is told this often at most, ms. */
const ACTIVITY_MS = 100

/** The browser is told the head of the log this often at most, ms: what is cut off the log within it shows only inside. */
const HEAD_MS = 1000

/** Ends of calls that are written down in one turn: one write to the disk, and not much to make ready for it. */
const TOGETHER = 8

type Command = Extract<FrameToHost, { type: 'command' }>

interface CallInFlight {
  readonly channel: CallChannel
  readonly document: number
  /** False while it waits for its turn: nothing has been written down or sent for it. */
  hasBegun: boolean
}

/** One browser's end: its documents, its calls in flight and its commands. */
export class Connection {
  readonly #outlet: Outlet
  readonly #door: Door
  readonly #onCommand: (frame: Command) => void
  readonly #documents: Documents
  readonly #turns = new Turns()
  readonly #calls = new Map<number, CallInFlight>()
  /** Calls that ended because a page gave them up, by site, until that is written down. */
  readonly #givenUp = new Map<string, AbortController[]>()
  #greeted = false
  /** What the browser was last told that tells of sessions and the vault; null: they may be others since, however they count. */
  #told: string | null = null
  #activity: NodeJS.Timeout | null = null
  #head: NodeJS.Timeout | null = null

  constructor(outlet: Outlet, door: Door, onCommand: (frame: Command) => void) {
    this.#outlet = outlet
    this.#door = door
    this.#onCommand = onCommand
    this.#documents = new Documents(outlet)
  }

  /**
   * Take one frame in.
   *
   * @throws BrokenWire for a frame that fits no schema, and for anything before the `hello` of our own protocol: background/
   * is our own code, so this is a fault or a stranger, and there is nothing to go on with.
   */
  async receive(value: object): Promise<void> {
    if (value instanceof BodyPiece) return this.#body(value)
    const parsed = FrameToHostSchema.safeParse(value)
    if (!parsed.success) throw new BrokenWire('a frame of no known shape')
    const frame = parsed.data as FrameToHost
    if (frame.type === 'hello') return this.#greet(frame.protocol, frame.heads ?? [])
    if (!this.#greeted) throw new BrokenWire('a frame before `hello`')
    if (frame.type === 'command') this.#onCommand(frame)
    else if (frame.type === 'document') await this.#open(frame)
    else if (frame.type === 'document-gone') this.#gone(frame.document)
    else if (frame.type === 'ask') await this.#ask(frame)
    else if (frame.type === 'cancel') this.#cancel(frame.id)
    else this.#calls.get(frame.id)?.channel.receive(frame)
  }

  #body({ id, bytes }: BodyPiece): void {
    if (!this.#greeted) throw new BrokenWire('a frame before `hello`')
    this.#calls.get(id)?.channel.receiveBody(bytes)
  }

  /** Sessions or the vault changed: documents get their lists, pages that show sessions are told. */
  changed(): void {
    const context = this.#door.context
    if (context !== null) this.#documents.announce(context)
    this.#told = null
    this.activity(0)
  }

  /** Counts changed. */
  activity(delay = ACTIVITY_MS): void {
    this.#activity ??= setTimeout(() => this.#sendChanged(), delay)
    this.#head ??= setTimeout(() => this.#sendHead(), HEAD_MS)
  }

  /** The browser has gone: stop every upstream. */
  close(): void {
    for (const timer of [this.#activity, this.#head]) if (timer !== null) clearTimeout(timer)
    for (const { channel } of this.#calls.values()) channel.cancel()
    this.#calls.clear()
  }

  /** Any other protocol learns ours, so that the owner can be told which side is older, and nothing else. */
  async #greet(protocol: number, heads: readonly KeptHead[]): Promise<void> {
    this.#greeted = protocol === PROTOCOL_VERSION
    // SECURITY: before the vault may open: nothing is sent that the log would have to be trusted for.
    this.#door.witnessed(heads)
    await this.#door.tryHolder().catch(() => {})
    this.#outlet.send({ type: 'hello', protocol: PROTOCOL_VERSION, version: VERSION, vault: this.#vault() })
  }

  async #open({ document, witnessed }: Extract<FrameToHost, { type: 'document' }>): Promise<void> {
    this.#documents.add(document, witnessed)
    await this.#door.tryHolder()
    if (this.#door.context !== null) this.#documents.announce(this.#door.context)
  }

  #gone(document: number): void {
    // Before the document is forgotten: its calls end in the turns of its site.
    for (const [id, { document: from }] of this.#calls) if (from === document) this.#cancel(id)
    this.#documents.remove(document)
  }

  /**
   * What a page gives up stops at once. Writing down that it did waits for a turn of its site, because it is a write to
   * the disk as a beginning is, and what a page gives up until then is written down with it.
   */
  #cancel(id: number): void {
    const call = this.#calls.get(id)
    if (call === undefined) return
    const { channel, document, hasBegun } = call
    if (hasBegun) this.#putOff(channel.abort, this.#documents.site(document))
    channel.cancel()
  }

  #putOff(abort: AbortController, site: string): void {
    const live = this.#door.context?.live
    if (live === undefined) return
    live.putOff(abort)
    const waiting = this.#givenUp.get(site)
    if (waiting !== undefined) return void waiting.push(abort)
    this.#givenUp.set(site, [abort])
    void this.#turns.next(site).then(() => this.#settle(site))
  }

  #settle(site: string): void {
    const waiting = this.#givenUp.get(site) ?? []
    this.#door.context?.live.settle(new Set(waiting.splice(0, TOGETHER)))
    if (waiting.length === 0) this.#givenUp.delete(site)
    else void this.#turns.next(site).then(() => this.#settle(site))
  }

  async #ask(frame: NativeAsk): Promise<void> {
    // A second ask under a live id is dropped: the first keeps its answer, and ids are background/'s to keep apart.
    if (this.#calls.has(frame.id)) return
    const site = this.#documents.site(frame.document)
    const channel = new CallChannel(frame, this.#outlet, this.#turns, site)
    const call = { channel, document: frame.document, hasBegun: false }
    this.#calls.set(frame.id, call)
    const leave = this.#turns.enter(site)
    let fallBack = () => {}
    try {
      await channel.turn()
      call.hasBegun = true
      fallBack = this.#turns.headStart(site)
      const witnessed = this.#documents.witnessed(frame.document)
      if (witnessed === null) return channel.fail(new Problem('denied', 'unknown-document'))
      if (this.#door.context === null) await this.#door.tryHolder()
      const context = this.#door.context
      if (context === null) return channel.fail(new Problem('vault-locked', 'vault-locked'))
      await channel.run(witnessed, context)
    } catch (failure) {
      channel.fail(failure)
    } finally {
      leave()
      fallBack()
      this.#calls.delete(frame.id)
    }
  }

  // A database that cannot be opened shows as locked; each command says why with the store's own refusal.
  #vault(): VaultState {
    try {
      return this.#door.state
    } catch {
      return 'locked'
    }
  }

  #sendChanged(): void {
    this.#activity = null
    // The vault may open before the browser has spoken, and `hello` is the first frame of each side.
    if (!this.#greeted) return
    const inFlight = this.#door.context?.live.inFlight() ?? 0
    const [vault, live] = [this.#vault(), this.#liveSessions()]
    const approvals = this.#door.context?.parked.count() ?? 0
    const paused = this.#door.context?.live.isPaused === true ? { paused: true as const } : {}
    const traffic = this.#hasTold(JSON.stringify([vault, live, paused])) ? { traffic: true as const } : {}
    this.#outlet.send({ type: 'changed', vault, live, inFlight, approvals, ...paused, ...traffic })
  }

  #hasTold(now: string): boolean {
    const before = this.#told
    this.#told = now
    return now === before
  }

  // A log that cannot be read now is looked at again after the next call.
  #sendHead(): void {
    this.#head = null
    if (!this.#greeted) return
    try {
      const head = this.#door.headToKeep()
      if (head !== null) this.#outlet.send({ type: 'head-of-log', ...head })
    } catch {}
  }

  // Sessions that cannot be read let nothing pass: there are none as far as this process goes.
  #liveSessions(): number {
    const context = this.#door.context
    try {
      return context?.inventory.liveSessions(context.now()).length ?? 0
    } catch {
      return 0
    }
  }
}
