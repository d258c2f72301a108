import type { Capability, Prices } from '../../shared/model/capability.ts'
import type { Session } from '../../shared/model/grant.ts'
import { pricesFor } from '../../shared/model/prices-for.ts'
import type { Store } from '../store/store.ts'
import type { VaultKeys } from '../vault/keys.ts'
import { type Amounts, type Asked, sum } from './amounts.ts'
import { bytesLeft, firstLease } from './lease.ts'
import { spentIn } from './ledger.ts'
import { priceOf } from './price.ts'
import { processOf } from './processes.ts'
import {
  putReservation,
  type Reservation,
  reservationsOf,
  runningCalls,
  runningCallsOf,
} from './reservation-rows.ts'
import { waitingJobs } from './waiting-jobs.ts'

/** Why a call has no room: reasons of `policy/reason.ts`. */
export type NoRoom =
  | 'concurrency-limited'
  | 'budget-spent'
  | 'tokens-spent'
  | 'cost-spent'
  | 'too-many-tokens'

/** One call that was decided, and what it may come to. */
export interface Wanted {
  /** Id of its intent. */
  readonly id: string
  readonly capability: Capability
  /** Null for the local owner's own call, for which limits of a session do not count. */
  readonly session: Session | null
  readonly asked: Asked
  /** The vault's time, milliseconds. */
  readonly time: number
}

/** What a call may move, in bytes (null: no limit), and whether somebody must read what its answer says it used. */
export interface Room {
  readonly up: number | null
  /** The first part of it: more is had from `extendLease`. */
  readonly down: number | null
  readonly counts: boolean
}

/**
 * Reserve the most that a call may use, or say which limit has no room for that. Within the transaction of its intent,
 * so that of all processes' calls together none spends what another was given.
 *
 * @throws Refusal `store-damaged`, or where it cannot be written.
 */
export function reserve(store: Store, keys: VaultKeys, wanted: Wanted): Room | { refused: NoRoom } {
  const { id, capability, session, asked } = wanted
  if (isFull(store, keys, wanted)) return { refused: 'concurrency-limited' }
  const bytes = byteRoom(store, keys, wanted)
  if (bytes === null) return { refused: 'budget-spent' }
  const tokens = tokenRoom(store, keys, wanted)
  if (typeof tokens === 'string') return { refused: tokens }
  const held: Amounts = { bytesUp: bytes.up ?? 0, bytesDown: bytes.down ?? 0, ...tokens }
  const prices = pricesOf(wanted)
  const counts = asked.spends && countsTokens(capability, prices)
  const about = { id, capability: capability.id, session: session?.id ?? null, ...joinsOf(wanted) }
  const { maxBytes } = capability.limits
  putReservation(store, keys, { ...about, held, maxBytes, prices, counts }, processOf(store))
  return { ...bytes, counts }
}

/**
 * True where as many calls run as may: of the session, or of all who use the capability. For a call that may leave a job in a
 * queue those jobs count as well that wait there; one that fetches a result goes on, or no place would ever be free.
 */
function isFull(store: Store, keys: VaultKeys, { capability, session, asked, time }: Wanted): boolean {
  const { concurrent, concurrentInAll } = capability.limits
  if (concurrent === null && concurrentInAll === null) return false
  const joins = typeof asked.queue === 'string'
  const jobs = joins ? waitingJobs(store, keys, time).filter((one) => one.capability === capability.id) : []
  const inAll = runningCallsOf(store, keys, capability.id) + jobs.length
  if (concurrentInAll !== null && inAll >= concurrentInAll) return true
  if (session === null || concurrent === null) return false
  const own = jobs.filter((one) => one.session === session.id).length
  return runningCalls(store, keys, session.id) + own >= concurrent
}

/**
 * The queue in which a call may leave a job that counts. SECURITY: none where no limit counts it: nobody would look for places
 * there whose time is over, and a page could leave any number of them.
 */
function joinsOf({ capability, asked }: Wanted): Pick<Reservation, 'queue'> {
  const { concurrent, concurrentInAll } = capability.limits
  const isCounted = concurrent !== null || concurrentInAll !== null
  return isCounted && typeof asked.queue === 'string' ? { queue: { service: asked.queue } } : {}
}

/** True for a capability that must know what an answer used. */
function countsTokens({ limits }: Capability, prices: Prices | null): boolean {
  const unknown = { input: null, output: null }
  return limits.maxTokens !== null || (prices !== null && priceOf(prices, unknown) === null)
}

/** Of this very call: what the owner says later, and of other models, is for others. */
function pricesOf({ capability, asked }: Wanted): Prices | null {
  const { prices } = capability.limits
  return prices === null ? null : pricesFor(prices, asked.model ?? null)
}

type ByteRoom = Pick<Room, 'up' | 'down'>

function byteRoom(store: Store, keys: VaultKeys, { capability, session, asked }: Wanted): ByteRoom | null {
  if (session === null) return { up: null, down: null }
  const left = bytesLeft(store, keys, session, capability.limits)
  if (left.down !== null && left.down <= 0) return null
  const down = left.down === null ? null : firstLease(left.down)
  if (left.up === null) return { up: null, down }
  const up = asked.bytesUp ?? left.up
  // A body of unknown length may take all that is left; one without a byte needs nothing.
  const hasRoom = asked.bytesUp === null ? left.up > 0 : up <= left.up
  return hasRoom ? { up, down } : null
}

type TokenRoom = Pick<Amounts, 'tokens' | 'cost'>

function tokenRoom(
  store: Store,
  keys: VaultKeys,
  wanted: Wanted,
): TokenRoom | Extract<NoRoom, 'tokens-spent' | 'cost-spent' | 'too-many-tokens'> {
  const { capability, asked, time } = wanted
  const { maxTokens, maxTokensPerCall, maxCost, period } = capability.limits
  const prices = pricesOf(wanted)
  if (maxTokensPerCall !== null && asked.output !== null && asked.output > maxTokensPerCall)
    return 'too-many-tokens'
  if (!asked.spends || (maxTokens === null && maxCost === null && prices === null))
    return { tokens: 0, cost: 0 }
  const spent = spentIn(store, keys, capability.id, period, time)
  const running = reservationsOf(store, keys, capability.id).map(({ held }) => held)
  const left = (limit: number | null, kind: 'tokens' | 'cost') =>
    limit === null ? null : limit - sum(spent[kind], ...running.map((held) => held[kind]))
  const bounds = {
    input: asked.input ?? maxTokensPerCall,
    output: asked.output ?? maxTokensPerCall,
  }
  const known = { input: bounds.input ?? 0, output: bounds.output ?? 0 }
  const tokens = fitted(tokensOf(bounds), sum(known.input, known.output), left(maxTokens, 'tokens'))
  if (tokens === null) return 'tokens-spent'
  const most = costOf(prices, bounds, maxTokens === null ? null : tokens)
  const cost = fitted(most, costOf(prices, known, null) ?? 0, left(maxCost, 'cost'))
  return cost === null ? 'cost-spent' : { tokens, cost }
}

type Bounds = Pick<Asked, 'input' | 'output'>

function tokensOf({ input, output }: Bounds): number | null {
  return input === null || output === null ? null : sum(input, output)
}

function costOf(prices: Prices | null, bounds: Bounds, tokens: number | null): number | null {
  // Money without prices cannot be counted: such a call takes all that is left of it.
  if (prices === null) return null
  const bounded = priceOf(prices, bounds)
  if (bounded !== null) return sum(bounded, prices.request)
  if (tokens === null) return null
  // Tokens that may fall on either side cost at most the dearer one.
  const dearer = Math.max(prices.input, prices.output)
  return sum(priceOf({ ...prices, input: dearer }, { input: tokens, output: 0 }) ?? 0, prices.request)
}

/**
 * What to reserve of what is left: all that is wanted or nothing.
 *
 * @param wanted null: all that is left, which must be as much as `known`, the part that has a bound. @param left null: no limit.
 * @returns null where there is no room.
 */
function fitted(wanted: number | null, known: number, left: number | null): number | null {
  if (left === null) return wanted ?? 0
  if (wanted === null) return left > 0 && known <= left ? left : null
  return wanted <= left ? wanted : null
}
