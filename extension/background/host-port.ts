import browser from 'webextension-polyfill'
import { HOST_NAME, PROTOCOL_VERSION } from '../../shared/protocol/limits.ts'
import type { FrameToBackground, FrameToHost } from '../../shared/protocol/native-frames.ts'
import type { OwnerState } from '../../shared/protocol/owner-port.ts'
import { framesIn } from '../../shared/protocol/several.ts'
import { BackOff } from './back-off.ts'
import { recallHeads } from './head-memory.ts'
import { type HostEnding, hostEndingOf } from './host-ending.ts'
import { lateFrames } from './late.ts'
import { Listeners } from './listeners.ts'
import { together } from './together.ts'

/** How long a host may take to say hello. A cold start takes about 100 ms; a busy machine some seconds. */
const HELLO_MS = 10_000
/** Waits between attempts that nobody asked for; the first is short because locking ends the host on purpose. */
const RETRY_FIRST_MS = 250
const RETRY_LONGEST_MS = 60_000
/** Least time between attempts, whoever asks: an owner's page asks every few seconds while the host is missing. */
const ATTEMPT_EVERY_MS = 1000
/** A host that lived this long was all right, so its end is no reason to wait. */
const STABLE_MS = 5000

/** Frames of which a bad one ends its call, and not the host. */
const OF_CALLS: ReadonlySet<unknown> = new Set(['head', 'chunk', 'packed', 'problem', 'cut'])

const NO_HOST: OwnerState = {
  host: 'connecting',
  hostVersion: null,
  hostProtocol: null,
  vault: null,
  live: 0,
  inFlight: 0,
  approvals: 0,
  paused: false,
}

/** The one native port of this browser: opened on demand, greeted, checked, and opened again with growing waits. */
export class HostPort {
  /** Every valid frame but `hello` and `changed`. */
  readonly onFrame = new Listeners<FrameToBackground>()
  readonly onState = new Listeners<OwnerState>()
  /** A host said hello: announce documents again. */
  readonly onConnected = new Listeners<void>()
  /** The host is gone: whatever waited for it waits in vain. Also told when an attempt failed. */
  readonly onLost = new Listeners<HostEnding>()
  /** Sessions, grants, services or the vault may have changed. */
  readonly onChanged = new Listeners<void>()
  /** Calls came and went, up to ten times a second, and nothing else changed. */
  readonly onTraffic = new Listeners<void>()
  /** The host sent a frame of this call that makes no sense. */
  readonly onBadCall = new Listeners<number>()

  #state = NO_HOST
  #port: browser.Runtime.Port | null = null
  #settled: PromiseWithResolvers<void> | null = null
  #helloTimer: ReturnType<typeof setTimeout> | undefined
  #retryTimer: ReturnType<typeof setTimeout> | undefined
  #connectedAt = 0
  #lastAttempt = 0
  readonly #backOff = new BackOff(RETRY_FIRST_MS, RETRY_LONGEST_MS)
  readonly #isNeeded: () => boolean

  /** @param isNeeded whether anything still needs a host: decides if one that ended is started again unasked. */
  constructor(isNeeded: () => boolean) {
    this.#isNeeded = isNeeded
  }

  get state(): OwnerState {
    return this.#state
  }

  /**
   * Open the port where it is not open. An attempt right after another one is left out.
   *
   * @returns true once the host is connected, false once it is known not to be.
   */
  async open(): Promise<boolean> {
    if (this.#port === null && Date.now() - this.#lastAttempt >= ATTEMPT_EVERY_MS) this.#attempt()
    await this.#settled?.promise
    return this.#state.host === 'connected'
  }

  /** Send a frame. @returns false, with nothing sent, where no host is connected. */
  send(frame: FrameToHost): boolean {
    if (this.#port === null || this.#state.host !== 'connected') return false
    return this.#post(this.#port, frame)
  }

  /** Close the port; the host ends by itself. */
  close(): void {
    const port = this.#port
    if (port === null) return
    port.disconnect()
    this.#ended(port, 'exited')
  }

  #attempt(): void {
    clearTimeout(this.#retryTimer)
    this.#lastAttempt = Date.now()
    this.#settled ??= Promise.withResolvers<void>()
    let port: browser.Runtime.Port
    try {
      port = browser.runtime.connectNative(HOST_NAME)
    } catch {
      this.#failed('missing')
      return
    }
    this.#port = port
    port.onMessage.addListener((message) => this.#receive(port, message))
    port.onDisconnect.addListener(() => this.#ended(port, hostEndingOf(errorOf(port))))
    this.#helloTimer = setTimeout(() => this.#drop(port, 'exited'), HELLO_MS)
    void this.#greet(port)
  }

  // SECURITY: the first frame carries what we remember of the log, so that the host knows before it may send anything.
  async #greet(port: browser.Runtime.Port): Promise<void> {
    const heads = await recallHeads()
    const { version } = browser.runtime.getManifest()
    if (port === this.#port) this.#post(port, { type: 'hello', protocol: PROTOCOL_VERSION, version, heads })
  }

  #post(port: browser.Runtime.Port, frame: FrameToHost): boolean {
    try {
      port.postMessage(frame)
      return true
    } catch {
      return false
    }
  }

  #receive(port: browser.Runtime.Port, message: unknown): void {
    together(() => {
      for (const frame of framesIn(message)) this.#take(port, frame)
    })
  }

  #take(port: browser.Runtime.Port, message: unknown): void {
    if (port !== this.#port) return
    const frame = lateFrames().readHostFrame(message)
    if (frame === null) return this.#receiveBad(port, message)
    if (this.#state.host !== 'connected') this.#greeted(port, frame)
    else if (frame.type === 'changed') this.#changed(frame)
    else if (frame.type !== 'hello') this.onFrame.tell(frame)
  }

  /** One bad frame of a call ends that call; any other means that the host cannot be understood at all. */
  #receiveBad(port: browser.Runtime.Port, message: unknown): void {
    const { type, id } = (message ?? {}) as { type?: unknown; id?: unknown }
    const ofCall = OF_CALLS.has(type)
    if (this.#state.host === 'connected' && ofCall && typeof id === 'number') this.onBadCall.tell(id)
    else this.#drop(port, 'mismatch')
  }

  #greeted(port: browser.Runtime.Port, frame: FrameToBackground): void {
    if (frame.type !== 'hello') return this.#drop(port, 'mismatch')
    const said = { hostVersion: frame.version, hostProtocol: frame.protocol }
    this.#state = { ...this.#state, ...said }
    if (frame.protocol !== PROTOCOL_VERSION) return this.#drop(port, 'mismatch')
    clearTimeout(this.#helloTimer)
    this.#connectedAt = Date.now()
    this.#setState({ ...NO_HOST, ...said, host: 'connected', vault: frame.vault })
    this.#settle()
    this.onConnected.tell()
    this.onChanged.tell()
  }

  #changed(frame: Extract<FrameToBackground, { type: 'changed' }>): void {
    const { vault, live, inFlight, approvals, paused = false, traffic = false } = frame
    this.#setState({ ...this.#state, vault, live, inFlight, approvals, paused })
    if (traffic) this.onTraffic.tell()
    else this.onChanged.tell()
  }

  #drop(port: browser.Runtime.Port, ending: HostEnding): void {
    port.disconnect()
    this.#ended(port, ending)
  }

  #ended(port: browser.Runtime.Port, ending: HostEnding): void {
    if (port !== this.#port) return
    this.#port = null
    clearTimeout(this.#helloTimer)
    const wasStable = this.#state.host === 'connected' && Date.now() - this.#connectedAt >= STABLE_MS
    if (wasStable) this.#backOff.succeeded()
    this.#failed(ending)
  }

  #failed(ending: HostEnding): void {
    const wasConnected = this.#state.host === 'connected'
    const needed = this.#isNeeded()
    // A host that ended while connected was probably locked: what follows is a new, locked one, not a failure to show.
    const restarts = wasConnected && needed && ending === 'exited'
    const wait = needed ? this.#backOff.failed() : 0
    const host = restarts ? 'connecting' : ending
    const { hostVersion, hostProtocol } = ending === 'mismatch' ? this.#state : NO_HOST
    this.#settle()
    // Whoever orders something before the next host is there waits for it, where that is soon.
    if (restarts && wait <= ATTEMPT_EVERY_MS) this.#settled = Promise.withResolvers<void>()
    this.#setState({ ...NO_HOST, host, hostVersion, hostProtocol })
    this.onLost.tell(ending)
    if (needed) this.#retryTimer = setTimeout(() => this.#retry(), wait)
  }

  #retry(): void {
    if (this.#port !== null) return
    if (this.#isNeeded()) this.#attempt()
    else this.#settle()
  }

  #settle(): void {
    this.#settled?.resolve()
    this.#settled = null
  }

  #setState(state: OwnerState): void {
    const same = JSON.stringify(state) === JSON.stringify(this.#state)
    this.#state = state
    if (same) return
    this.onState.tell(state)
  }
}

/** Firefox puts the reason on the port, Chromium in `runtime.lastError`. */
function errorOf(port: browser.Runtime.Port): string | null {
  return port.error?.message ?? browser.runtime.lastError?.message ?? null
}
