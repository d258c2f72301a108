import { Secret } from '../vault/secret.ts'
import { ReferenceFault } from './fault.ts'
import type { Fetch } from './fetcher.ts'
import { LastFault } from './last-fault.ts'
import type { PackedReference } from './packed-reference.ts'

/** A value replaced by another is still looked for in responses for this long, ms: its service may know it that long. */
const FORMER_MS = 5 * 60_000

/** After a value that was fetched again turned out to be the same, it is taken for right for this long, ms. */
const SAME_MS = 30_000

/** Former values kept at most beside those in use. */
const MAX_FORMER = 8

/** Longest secret, bytes. */
const MAX_SECRET = 64 * 1024

/** One fetched value. */
interface Value {
  readonly secret: Secret
  readonly fetchedAt: number
  /** Calls in flight that were sent with it. */
  users: number
  replacedAt: number | null
}

interface Fetching {
  readonly done: Promise<Value>
  readonly abort: AbortController
  waiting: number
}

/** A value in use by one call. */
export interface HeldValue {
  readonly secret: Secret
  /** Values that it replaced and that may still come back in a response. */
  readonly former: readonly Secret[]
  /** True where it was fetched for this very call. */
  readonly isFresh: boolean
  /** The call is over. Harmless twice. */
  release(): void
}

/** The value of one reference: kept for its time, fetched once for all who wait. */
export class KeptValue {
  readonly #packed: PackedReference
  readonly #fetch: Fetch
  readonly #now: () => number
  #current: Value | null = null
  #former: Value[] = []
  #fetching: Fetching | null = null
  #sameAt: number | null = null
  readonly #fault: LastFault

  constructor(packed: PackedReference, fetch: Fetch, now: () => number) {
    this.#packed = packed
    this.#fetch = fetch
    this.#now = now
    this.#fault = new LastFault(now)
  }

  /** True where nothing of it has to be remembered. */
  get isIdle(): boolean {
    this.#tidy()
    const isKept = this.#current !== null || this.#former.length > 0
    return !isKept && this.#fetching === null && !this.#fault.isRecent
  }

  /** The value and those it replaced, as far as they are remembered. */
  get known(): readonly Secret[] {
    const all = [...this.#former, ...(this.#current === null ? [] : [this.#current])]
    return all.map(({ secret }) => secret)
  }

  /**
   * The value, fetched where none is kept.
   *
   * @param afresh true: also where a fetch failed a moment ago. @throws ReferenceFault; the signal's reason.
   */
  async hold(input: Uint8Array | null, signal: AbortSignal, afresh = false): Promise<HeldValue> {
    signal.throwIfAborted()
    this.#tidy()
    if (afresh) this.#fault.forget()
    if (this.#current !== null) return this.#held(this.#current, false)
    return this.#held(await this.#fetched(input, signal), true)
  }

  /**
   * Its service refused a value: the value as it is now.
   *
   * @returns null where it is still the same. @throws ReferenceFault; the signal's reason.
   */
  async holdOther(refused: Secret, input: Uint8Array | null, signal: AbortSignal): Promise<HeldValue | null> {
    this.#tidy()
    const known = this.#current
    if (known !== null && !isSame(known.secret, refused)) return this.#held(known, false)
    if (known !== null && this.#isSettled()) return null
    this.#retire()
    const value = await this.#fetched(input, signal)
    if (!isSame(value.secret, refused)) return this.#held(value, true)
    this.#sameAt = this.#now()
    return null
  }

  /** Fetch anew at the next call. */
  expire(): void {
    this.#retire()
  }

  #isSettled(): boolean {
    return this.#sameAt !== null && isWithin(this.#now() - this.#sameAt, SAME_MS)
  }

  #held(value: Value, isFresh: boolean): HeldValue {
    value.users += 1
    let isHeld = true
    const release = () => {
      if (isHeld) value.users -= 1
      isHeld = false
    }
    const former = this.known.filter((each) => !isSame(each, value.secret))
    return { secret: value.secret, former, isFresh, release }
  }

  async #fetched(input: Uint8Array | null, signal: AbortSignal): Promise<Value> {
    if (this.#fetching === null) this.#fault.throwAgain(input)
    this.#fetching ??= this.#begin(input)
    const fetching = this.#fetching
    fetching.waiting += 1
    try {
      return await orAborted(fetching.done, signal)
    } finally {
      fetching.waiting -= 1
      // Nobody wants it any more: the program is ended, and the next call begins anew.
      if (fetching.waiting === 0) fetching.abort.abort()
      if (fetching.waiting === 0 && this.#fetching === fetching) this.#fetching = null
    }
  }

  #begin(input: Uint8Array | null): Fetching {
    const abort = new AbortController()
    const done = this.#fetch(this.#packed, input, abort.signal).then((bytes) => this.#keep(bytes))
    const fetching = { done, abort, waiting: 0 }
    const over = () => {
      if (this.#fetching === fetching) this.#fetching = null
    }
    done.then(over, (error: unknown) => {
      this.#fault.keep(error, input)
      over()
    })
    return fetching
  }

  #keep(bytes: Uint8Array): Value {
    if (bytes.length === 0) throw new ReferenceFault('reference-empty')
    if (bytes.length > MAX_SECRET) throw new ReferenceFault('reference-too-long')
    this.#retire()
    const secret = new Secret(bytes)
    this.#former = this.#former.filter((each) => each.users > 0 || !isSame(each.secret, secret))
    this.#current = { secret, fetchedAt: this.#now(), users: 0, replacedAt: null }
    return this.#current
  }

  /** Use the current value for no further call. */
  #retire(): void {
    if (this.#current === null) return
    this.#former.push(this.#current)
    this.#current.replacedAt = this.#now()
    this.#current = null
  }

  #tidy(): void {
    const now = this.#now()
    const { cache } = this.#packed.reference
    if (this.#current !== null && !isWithin(now - this.#current.fetchedAt, cache * 1000)) this.#retire()
    const isKept = ({ users, replacedAt }: Value) =>
      users > 0 || isWithin(now - (replacedAt ?? now), FORMER_MS)
    const kept = this.#former.filter(isKept)
    const unused = kept.filter(({ users }) => users === 0).slice(0, -MAX_FORMER)
    this.#former = kept.filter((each) => !unused.includes(each))
  }
}

/** A clock that was set back makes a value old, not young. */
function isWithin(age: number, limit: number): boolean {
  return age >= 0 && age < limit
}

function isSame(one: Secret, other: Secret): boolean {
  return Buffer.compare(one.reveal(), other.reveal()) === 0
}

function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const onAbort = () => reject(signal.reason)
  signal.addEventListener('abort', onAbort)
  if (signal.aborted) onAbort()
  return Promise.race([promise, aborted]).finally(() => signal.removeEventListener('abort', onAbort))
}
