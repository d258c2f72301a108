import { MAX_CALLED } from '../../shared/protocol/limits.ts'
import type { KeysOfDocument, PageKey, PageKeys } from '../../shared/protocol/page-keys.ts'

/** Most keys that are told of one page. */
const MOST_KEYS = 8

/**
 * What all documents of a page hold, the tab's own first. A key that several of them have is told once, with the places of
 * all and under the name that the first gave it.
 */
export function joinLooks(looks: readonly KeysOfDocument[]): Omit<PageKeys, 'quiet'> {
  const keys = new Map<string, PageKey>()
  for (const look of looks) {
    for (const [at, key] of look.keys.entries()) {
      const same = look.same[at] ?? key.id
      const known = keys.get(same)
      if (known === undefined) keys.set(same, { ...key, places: [...key.places] })
      else known.places.push(...key.places.filter((place) => !has(known, place)))
    }
  }
  const called = [...new Set(looks.flatMap((look) => look.called))].slice(0, MAX_CALLED)
  const whole = looks.every((look) => look.whole) && keys.size <= MOST_KEYS
  return { keys: [...keys.values()].slice(0, MOST_KEYS), whole, called }
}

function has({ places }: PageKey, { kind, name }: PageKey['places'][number]): boolean {
  return places.some((each) => each.kind === kind && each.name === name)
}
