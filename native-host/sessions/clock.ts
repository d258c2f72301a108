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

/** `mark`: latest time seen. `ahead`: what to add to a wall clock that was set back, so that time goes on from there. */
const ClockSchema = z.object({ mark: z.int(), ahead: z.int() })
type Clock = z.infer<typeof ClockSchema>

function readClock(store: Store, keys: VaultKeys): Clock {
  const sealed = readMeta(store, 'clock')
  if (!(sealed instanceof Uint8Array)) return { mark: 0, ahead: 0 }
  return openJson(keys, PLACE, ClockSchema, sealed)
}

/** The next state of the clock for what the wall clock says. */
function step({ mark, ahead }: Clock, wall: number): Clock {
  if (wall >= mark) return { mark: wall, ahead: 0 }
  if (wall + ahead >= mark) return { mark: wall + ahead, ahead }
  if (wall + ahead >= mark - JITTER) return { mark, ahead }
  return { mark, ahead: mark - wall }
}

/**
 * The vault's own time, milliseconds since the epoch: the wall clock, except that it never runs backwards. Where the
 * wall clock was set back it goes on from the latest time seen at the wall clock's pace, so that a session lives no
 * longer than it was given; it joins the wall clock again when that has caught up.
 *
 * @param wall what the wall clock says now.
 * @param grain how far the stored mark may lag behind, milliseconds: the price of fewer writes.
 */
export function vaultTime(store: Store, keys: VaultKeys, wall: number, grain = GRAIN): number {
  const old = readClock(store, keys)
  const next = step(old, wall)
  if (next.mark - old.mark <= grain && next.ahead === old.ahead) return next.mark
  return store.isInTransaction ? advance(store, keys, wall) : advanceAlone(store, keys, wall, next.mark)
}

/** Reading goes on while the disk is full; nothing that must be written does. */
function advanceAlone(store: Store, keys: VaultKeys, wall: number, otherwise: number): number {
  try {
    return store.transaction(() => advance(store, keys, wall))
  } catch (error) {
    if (error instanceof Refusal && error.code === 'disk-full') return otherwise
    throw error
  }
}

function advance(store: Store, keys: VaultKeys, wall: number): number {
  // Read again: another process may have moved it on.
  const current = step(readClock(store, keys), wall)
  writeMeta(store, 'clock', sealJson(keys, PLACE, ClockSchema, current))
  return current.mark
}

/** The latest time the vault has seen, at most a second or so behind `vaultTime`. Zero where it has seen none. */
export function latestTime(store: Store, keys: VaultKeys): number {
  return readClock(store, keys).mark
}
