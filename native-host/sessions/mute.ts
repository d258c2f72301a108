import { integerOf } from '../store/columns.ts'
import type { Store } from '../store/store.ts'
import type { VaultKeys } from '../vault/keys.ts'

/** So many denials … */
const DENIALS = 3
/** … within so many milliseconds … */
const WITHIN_MS = 30_000
/** … and the site is not asked about for so many. */
const MUTE_MS = 60_000

/** A site, for asks: the document's origin and that of its tab. */
export interface Place {
  readonly origin: string
  readonly topOrigin: string
}

/**
 * True while a site is muted.
 *
 * @param denials when it was told no, milliseconds, in any order. @param now in the same time.
 */
export function isMutedBy(denials: readonly number[], now: number): boolean {
  const sorted = denials.toSorted((a, b) => a - b)
  return sorted.some((last, at) => {
    const first = sorted[at - DENIALS + 1]
    return first !== undefined && last - first <= WITHIN_MS && now < last + MUTE_MS
  })
}

function indexOf(keys: VaultKeys, { origin, topOrigin }: Place): Uint8Array {
  return keys.index('denied-asks', `${origin} ${topOrigin}`)
}

/** Note that a site was told no, or that nobody answered. @param time the vault's time, milliseconds. */
export function noteDenial(store: Store, keys: VaultKeys, place: Place, time: number): void {
  store.run('DELETE FROM denied_asks WHERE at < ?', time - WITHIN_MS - MUTE_MS)
  store.run('INSERT INTO denied_asks (place_index, at) VALUES (?, ?)', indexOf(keys, place), time)
}

/** True while calls of a site are refused without asking. @param time the vault's time, milliseconds. */
export function isMuted(store: Store, keys: VaultKeys, place: Place, time: number): boolean {
  const rows = store.all('SELECT at FROM denied_asks WHERE place_index = ?', indexOf(keys, place))
  return isMutedBy(
    rows.map((row) => integerOf(row, 'at')),
    time,
  )
}
