import { MAX_PLACE_NAME } from '../../../shared/protocol/limits.ts'
import type {
  KeyMark,
  KeyPlace,
  PageKey,
  PageKeys,
  ReplacedInPage,
  ToldKey,
} from '../../../shared/protocol/page-keys.ts'
import type { CallValues } from '../call-values.ts'
import { finderOf, type TextKey, withoutKey } from './find-keys.ts'
import { calledTexts, carriedTexts, type HeldText, namesOf, storageOf, storedTexts } from './held-texts.ts'

/** Most keys that are told of one document, and most places of one key. */
const MOST_KEYS = 8
const MOST_PLACES = 8

/** A key of this document with its places; never leaves it but by {@link HeldKeys.take}. */
interface HeldKey extends Omit<PageKey, 'id'> {
  key: string
}

/** Looks for the keys that this document holds, and takes one out. Runs in the isolated world when the owner looks. */
export class HeldKeys {
  readonly #calls: Pick<CallValues, 'all'>
  /** Those that were taken out: what earlier calls carried is not told again. */
  readonly #taken = new Set<string>()
  /** What the keys that the last look told are called, by key. One that stays is called the same. */
  #ids = new Map<string, string>()

  constructor(calls: Pick<CallValues, 'all'>) {
    this.#calls = calls
  }

  /** What there is and where, without the keys. */
  look(marks: readonly KeyMark[]): PageKeys {
    const { keys, whole } = this.#find(marks)
    const named = keys.map((each) => ({ ...each, id: this.#ids.get(each.key) ?? randomId() }))
    this.#ids = new Map(named.map(({ key, id }) => [key, id]))
    return { keys: named.map(({ id, preset, name, places }) => ({ id, preset, name, places })), whole }
  }

  /** The very key that a look told, where it is still the service's and at that place; null: it is not any more. */
  take(marks: readonly KeyMark[], { id, preset, place }: ToldKey): string | null {
    const isThere = ({ places }: HeldKey) =>
      places.some(({ kind, name }) => kind === place.kind && name === place.name)
    // SECURITY: between look and order a page may have put another key of the service there.
    const isTold = (each: HeldKey) => each.preset === preset && this.#ids.get(each.key) === id
    return this.#find(marks).keys.find((each) => isTold(each) && isThere(each))?.key ?? null
  }

  /** Put a placeholder in the place of a key, wherever a storage has it. */
  replace(key: string, placeholder: string): ReplacedInPage {
    this.#taken.add(key)
    const done = { replaced: 0, left: 0 }
    for (const storage of [storageOf('local'), storageOf('session')]) {
      for (const name of storage === null ? [] : namesOf(storage)) {
        const text = storage?.getItem(name) ?? ''
        const next = withoutKey(text, key, placeholder)
        if (next !== text) done[write(storage, name, next) ? 'replaced' : 'left'] += 1
      }
    }
    return done
  }

  #find(marks: readonly KeyMark[]): { keys: HeldKey[]; whole: boolean } {
    const find = finderOf(marks)
    const keys = new Map<string, HeldKey>()
    const stored = storedTexts()
    const note = ({ place, text }: HeldText, isAny: (found: TextKey) => boolean) => {
      for (const found of find(text)) if (isAny(found)) add(keys, found, place)
    }
    for (const held of stored.texts) note(held, () => true)
    for (const held of [...carriedTexts(this.#calls.all), ...calledTexts()])
      note(held, ({ key }) => !this.#taken.has(key))
    return { keys: [...keys.values()].slice(0, MOST_KEYS), whole: stored.whole && keys.size <= MOST_KEYS }
  }
}

function add(keys: Map<string, HeldKey>, { key, mark }: TextKey, { kind, name }: KeyPlace): void {
  const held = keys.get(key) ?? { key, preset: mark.preset, name: mark.name, places: [] }
  keys.set(key, held)
  const place = { kind, name: name.slice(0, MAX_PLACE_NAME) }
  const isKnown = held.places.some((each) => each.kind === kind && each.name === place.name)
  if (!isKnown && held.places.length < MOST_PLACES) held.places.push(place)
}

/** SECURITY: random, so that an order names no key of the document that comes after. `randomUUID` is not there in all pages. */
function randomId(): string {
  return crypto.getRandomValues(new Uint32Array(4)).join('-')
}

/** A storage that is full takes no longer text, and one may be closed to everybody meanwhile. */
function write(storage: Storage | null, name: string, text: string): boolean {
  try {
    storage?.setItem(name, text)
    return storage?.getItem(name) === text
  } catch {
    return false
  }
}
