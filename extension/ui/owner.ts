import browser from 'webextension-polyfill'
import type { Said } from '../../shared/model/said.ts'
import type { OwnerCommand, OwnerResults, OwnerState } from '../../shared/protocol/owner-port.ts'
import { OWNER_PORT } from '../../shared/protocol/owner-port-name.ts'
import { readOwnerFrame } from './owner-frame.ts'

/** Why an order was not carried out. `code` is one of `REFUSALS`; `message` is a sentence for the owner. */
export class OwnerRefusal extends Error {
  readonly code: string
  /** The sentence with its values apart, where the host says it so. */
  readonly said: Said | undefined

  constructor(code: string, message: string, said?: Said) {
    super(message)
    this.name = 'OwnerRefusal'
    this.code = code
    this.said = said
  }
}

/** An extension page's line to background/. */
export interface Owner {
  /**
   * Order something. The frame is posted before this returns, so `permissions.request` may follow in the same turn.
   *
   * @returns what the command answers with. @throws OwnerRefusal with the host's code, `host-missing`,
   * `host-forbidden`, `host-mismatch` or `host-exited` where there is no host, `internal` where the browser stopped our background.
   */
  send<C extends OwnerCommand>(command: C): Promise<OwnerResults[C['name']]>
  /** Told the last known state at once, where there is one, and then every change. @returns stops it. */
  onState(listener: (state: OwnerState) => void): () => void
  /**
   * Told when sessions, grants, services or the vault may have changed: ask again. Also after a reconnect; and when calls came and
   * went and nothing else changed (`isTraffic`), up to ten times a second. @returns stops it.
   */
  onChanged(listener: (isTraffic: boolean) => void): () => void
  /** Ends the line; nothing is told any more. */
  close(): void
}

interface Waiting {
  resolve(value: unknown): void
  reject(error: OwnerRefusal): void
}

/** First wait before the line is opened again, in milliseconds; doubled up to the second figure. */
const RECONNECT_MS = 250
const RECONNECT_MAX_MS = 4000

/** Open the line to background/. It opens itself again when the browser restarts our background. */
export function openOwner(): Owner {
  return new OwnerLine()
}

class OwnerLine implements Owner {
  readonly #waiting = new Map<number, Waiting>()
  readonly #stateListeners = new Set<(state: OwnerState) => void>()
  readonly #changedListeners = new Set<(isTraffic: boolean) => void>()
  #port: browser.Runtime.Port | null = null
  #state: OwnerState | null = null
  #nextId = 1
  #backOff = RECONNECT_MS
  #timer: ReturnType<typeof setTimeout> | null = null
  #closed = false

  constructor() {
    this.#connect()
  }

  send<C extends OwnerCommand>(command: C): Promise<OwnerResults[C['name']]> {
    const id = this.#nextId++
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: (value) => resolve(value as OwnerResults[C['name']]), reject })
      try {
        this.#connect().postMessage({ id, command })
      } catch {
        this.#waiting.delete(id)
        reject(new OwnerRefusal('internal', 'the extension was stopped or updated, open this page again'))
      }
    })
  }

  onState(listener: (state: OwnerState) => void): () => void {
    this.#stateListeners.add(listener)
    if (this.#state !== null) listener(this.#state)
    return () => this.#stateListeners.delete(listener)
  }

  onChanged(listener: (isTraffic: boolean) => void): () => void {
    this.#changedListeners.add(listener)
    return () => this.#changedListeners.delete(listener)
  }

  close(): void {
    this.#closed = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#port?.disconnect()
    this.#port = null
  }

  #connect(): browser.Runtime.Port {
    if (this.#port !== null) return this.#port
    const port = browser.runtime.connect({ name: OWNER_PORT })
    port.onMessage.addListener((message) => this.#receive(message))
    port.onDisconnect.addListener(() => this.#lost(port))
    this.#port = port
    return port
  }

  #receive(message: unknown): void {
    const frame = readOwnerFrame(message)
    if (frame === null) return
    this.#backOff = RECONNECT_MS
    if ('state' in frame) this.#tellState(frame.state)
    else if ('changed' in frame) this.#tellChanged(frame.changed === 'traffic')
    else this.#settle(frame)
  }

  #settle(
    frame: { id: number; value?: unknown } | { id: number; refusal: { code: string; message: string } },
  ) {
    const waiting = this.#waiting.get(frame.id)
    this.#waiting.delete(frame.id)
    if ('refusal' in frame) waiting?.reject(refusedAs(frame.refusal))
    else waiting?.resolve(frame.value)
  }

  #tellState(state: OwnerState): void {
    this.#state = state
    for (const listener of this.#stateListeners) listener(state)
  }

  #tellChanged(isTraffic: boolean): void {
    for (const listener of this.#changedListeners) listener(isTraffic)
  }

  #lost(port: browser.Runtime.Port): void {
    if (this.#port !== port) return
    this.#port = null
    for (const { reject } of this.#waiting.values()) {
      reject(new OwnerRefusal('internal', 'the browser stopped the extension before it answered, try again'))
    }
    this.#waiting.clear()
    if (this.#closed) return
    this.#timer = setTimeout(() => {
      this.#connect()
      this.#tellChanged(false)
    }, this.#backOff)
    this.#backOff = Math.min(this.#backOff * 2, RECONNECT_MAX_MS)
  }
}

function refusedAs({ code, message, said }: { code: string; message: string; said?: Said | undefined }) {
  return new OwnerRefusal(code, message, said)
}
