import { uptime } from 'node:os'
import * as z from 'zod/mini'
import { Refusal } from '../refusal.ts'
import { readMeta, writeMeta } from '../store/meta.ts'
import { openJson, sealJson } from '../store/sealed-json.ts'
import type { Store } from '../store/store.ts'
import type { VaultKeys } from '../vault/keys.ts'

/** How far the stored mark may lag behind, milliseconds: so often it is written at most. */
const GRAIN = 1000

/** Two processes read the wall clock and then write, so a little backwards is no jump, milliseconds. */
const JITTER = 2 * GRAIN

const PLACE = 'meta:clock'

/**
 * `mark`: latest time seen. `ahead`: what to add to a wall clock that was set back, so that time goes on from there.
 * `up`: for how long the machine had run at `mark`, milliseconds; absent in vaults of before.
 */
const ClockSchema = z.object({ mark: z.int(), ahead: z.int(), up: z.optional(z.int()) })
type Clock = z.infer<typeof ClockSchema>

function readClock(store: Store, keys: VaultKeys): Clock {
  const sealed = readMeta(store, 'clock')
  if (!(sealed instanceof Uint8Array)) return { mark: 0, ahead: 0 }
  return openJson(keys, PLACE, ClockSchema, sealed)
}

/**
 * How long the machine has run, sleep included (CLOCK_BOOTTIME on Linux, GetTickCount64 on Windows, kern.boottime on
 * macOS; Node's own monotonic clock stops in sleep on Linux), milliseconds.
 */
export function machineTime(): number {
  return Math.floor(uptime() * 1000)
}

/**
 * The next state of the clock for what the wall clock and the machine's say: the one that shows more time wins. The
 * machine's may be that of a later start, and shows too little then, never too much.
 */
function step(clock: Clock, wall: number, up: number): Clock {
  const byWall = stepByWall(clock, wall)
  const least = clock.up === undefined ? 0 : clock.mark + (up - clock.up)
  if (least - byWall.mark <= JITTER) {
    // What the machine has counted is kept until it is in the mark: a clock set back again and again loses none of it.
    const isCounted = byWall.mark > clock.mark || clock.up === undefined || up < clock.up
    return { ...byWall, up: isCounted ? up : clock.up }
  }
  return { mark: least, ahead: least - wall, up }
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
 * @param up `machineTime` now.
 */
export function vaultTime(
  store: Store,
  keys: VaultKeys,
  wall: number,
  grain = GRAIN,
  up = machineTime(),
): number {
  const old = readClock(store, keys)
  const next = step(old, wall, up)
  if (next.mark - old.mark <= grain && next.ahead === old.ahead) return next.mark
  const work = () => advance(store, keys, wall, up)
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

function advance(store: Store, keys: VaultKeys, wall: number, up: number): number {
  // Read again: another process may have moved it on.
  const current = step(readClock(store, keys), wall, up)
  writeMeta(store, 'clock', sealJson(keys, PLACE, ClockSchema, current))
  return current.mark
}

/** The latest time the vault has seen, at most a second or so behind `vaultTime`. Zero where it has seen none. */
export function latestTime(store: Store, keys: VaultKeys): number {
  return readClock(store, keys).mark
}
