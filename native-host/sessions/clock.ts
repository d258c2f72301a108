import { hostname, release, uptime } from 'node:os'
import * as z from 'zod/mini'
import { Refusal } from '../refusal.ts'
import { readMeta, writeMeta } from '../store/meta.ts'
import { OpenedValue } from '../store/opened-value.ts'
import type { Store } from '../store/store.ts'
import type { VaultKeys } from '../vault/keys.ts'

/** How far the stored mark may lag behind, milliseconds: so often it is written at most. */
const GRAIN = 1000

/** Two processes read the wall clock and then write, so a little backwards is no jump, milliseconds. */
const JITTER = 2 * GRAIN

/**
 * `mark`: latest time seen. `ahead`: what to add to a wall clock that was set back, so that time goes on from there.
 * `up`: for how long the machine had run at `mark`, milliseconds; `machine`: which one that was. Absent in vaults of before.
 */
const ClockSchema = z.object({
  mark: z.int(),
  ahead: z.int(),
  up: z.optional(z.int()),
  machine: z.optional(z.string()),
})
type Clock = z.infer<typeof ClockSchema>

const CLOCK = new OpenedValue('meta:clock', ClockSchema)

function readClock(store: Store, keys: VaultKeys): Clock {
  const sealed = readMeta(store, 'clock')
  if (!(sealed instanceof Uint8Array)) return { mark: 0, ahead: 0 }
  return CLOCK.open(keys, sealed)
}

/** What a machine counts. */
export interface MachineClock {
  /** How long it has run, sleep included, milliseconds. */
  readonly up: number
  /** The same throughout a run of one machine; of others another, or their time would be taken for this one's. */
  readonly name: string
}

/** Two machines of one name rarely run the same build of a system; the build of one that runs does not change. */
const MACHINE = `${hostname()} ${release()}`

/**
 * What this machine counts now (CLOCK_BOOTTIME on Linux, GetTickCount64 on Windows, kern.boottime on macOS; Node's own
 * monotonic clock stops in sleep on Linux).
 */
export function machineClock(): MachineClock {
  return { up: Math.floor(uptime() * 1000), name: MACHINE }
}

/**
 * The next state of the clock for what the wall clock and the machine's say: the one that shows more time wins. The
 * machine's may be that of a later start, and shows too little then, never too much. That of another machine, which the
 * vault has come from, says nothing.
 */
function step(clock: Clock, wall: number, { up, name }: MachineClock): Clock {
  const byWall = stepByWall(clock, wall)
  const before = clock.machine === name ? clock.up : undefined
  const least = before === undefined ? 0 : clock.mark + (up - before)
  if (least - byWall.mark <= JITTER) {
    // What the machine has counted is kept until it is in the mark: a clock set back again and again loses none of it.
    const isCounted = byWall.mark > clock.mark || before === undefined || up < before
    return { ...byWall, up: isCounted ? up : before, machine: name }
  }
  return { mark: least, ahead: least - wall, up, machine: name }
}

function stepByWall({ mark, ahead }: Clock, wall: number): Clock {
  if (wall >= mark) return { mark: wall, ahead: 0 }
  if (wall + ahead >= mark) return { mark: wall + ahead, ahead }
  if (wall + ahead >= mark - JITTER) return { mark, ahead }
  return { mark, ahead: mark - wall }
}

/**
 * The vault's own time, milliseconds since the epoch: the wall clock, except that it never runs backwards. Where the
 * wall clock was set back it goes on from the latest time seen at the wall clock's pace, so that a session lives no
 * longer than it was given; it joins the wall clock again when that has caught up. What passes while no process of ours
 * runs, or between two looks, is seen by the machine's own clock where the wall clock was set back meanwhile.
 *
 * @param wall what the wall clock says now.
 * @param grain how far the stored mark may lag behind, milliseconds: the price of fewer writes.
 * @param machine what the machine counts now.
 */
export function vaultTime(
  store: Store,
  keys: VaultKeys,
  wall: number,
  grain = GRAIN,
  machine = machineClock(),
): number {
  const old = readClock(store, keys)
  const next = step(old, wall, machine)
  if (next.mark - old.mark <= grain && next.ahead === old.ahead) return next.mark
  const work = () => advance(store, keys, wall, machine)
  return store.isInTransaction ? work() : advanceAlone(store, work, next.mark)
}

/** Reading goes on while the disk is full; nothing that must be written does. */
function advanceAlone(store: Store, work: () => number, otherwise: number): number {
  try {
    return store.transaction(work)
  } catch (error) {
    if (error instanceof Refusal && error.code === 'disk-full') return otherwise
    throw error
  }
}

function advance(store: Store, keys: VaultKeys, wall: number, machine: MachineClock): number {
  // Read again: another process may have moved it on.
  const current = step(readClock(store, keys), wall, machine)
  writeMeta(store, 'clock', CLOCK.seal(keys, current))
  return current.mark
}

/** The latest time the vault has seen, at most a second or so behind `vaultTime`. Zero where it has seen none. */
export function latestTime(store: Store, keys: VaultKeys): number {
  return readClock(store, keys).mark
}
