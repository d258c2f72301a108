import { finderOf, type TextKey, withoutKey } from '../../../shared/presets/find-keys.ts'
import { MAX_PLACE_NAME } from '../../../shared/protocol/limits.ts'
import type {
  KeyMark,
  KeyPlace,
  KeysOfDocument,
  LookDepth,
  PageKey,
  ReplacedInPage,
  ToldKey,
} from '../../../shared/protocol/page-keys.ts'
import type { CallValues } from '../call-values.ts'
import {
  calledOrigins,
  calledTexts,
  carriedTexts,
  cookieTexts,
  type HeldText,
  namesOf,
  storageOf,
  storedTexts,
} from './held-texts.ts'
import { replaceIndexed } from './indexed-swap.ts'
import { indexedTexts } from './indexed-texts.ts'

/** Most keys that are told of one document, and most places of one key. */
const MOST_KEYS = 8
const MOST_PLACES = 8
const NOTHING = { texts: [], whole: true }

/** A key of this document with its places; never leaves it but by {@link HeldKeys.take}. */
interface HeldKey extends Omit<PageKey, 'id'> {
  key: string
}

/** Looks for the keys that this document holds, and takes one out. Runs in the isolated world when the owner looks. */
export class HeldKeys {
  readonly #calls: Pick<CallValues, 'all'>
  /** Those that were taken out: what earlier calls carried is not told again. */
  readonly #taken = new Set<string>()
  /** What the keys that looks told are called, by key: the same as long as the document is there. */
  readonly #ids = new Map<string, string>()

  constructor(calls: Pick<CallValues, 'all'>) {
    this.#calls = calls
  }

  /**
   * What there is and where, without the keys.
   *
   * @param salt of this look, the same in all documents of the page: by it the same key is known in two of them.
   */
  async look(marks: readonly KeyMark[], depth: LookDepth, salt: string): Promise<KeysOfDocument> {
    const { keys, whole } = await this.#find(marks, depth)
    return {
      keys: keys.map(({ key, preset, name, places }) => ({ id: this.#idOf(key), preset, name, places })),
      same: await Promise.all(keys.map(({ key }) => digest(salt + key))),
      called: calledOrigins(),
      whole,
    }
  }

  /** The very key that a look told, where it is still the service's and at that place; null: it is not any more. */
  async take(
    marks: readonly KeyMark[],
    { id, preset, place }: ToldKey,
    depth: LookDepth,
  ): Promise<string | null> {
    const isThere = ({ places }: HeldKey) =>
      places.some(({ kind, name }) => kind === place.kind && name === place.name)
    // SECURITY: between look and order a page may have put another key of the service there.
    const isTold = (each: HeldKey) => each.preset === preset && this.#ids.get(each.key) === id
    const { keys } = await this.#find(marks, depth)
    return keys.find((each) => isTold(each) && isThere(each))?.key ?? null
  }

  /** Put a placeholder in the place of a key, wherever a storage of the page has it. A frame (`aside`) has none of its own. */
  async replace(key: string, placeholder: string, depth: LookDepth): Promise<ReplacedInPage> {
    this.#taken.add(key)
    if (depth === 'aside') return { replaced: 0, left: 0 }
    const done = replaceStored(key, placeholder)
    const indexed = await replaceIndexed(key, placeholder)
    // Nobody tells us path, domain and end of a cookie: written anew it would be a second one, or another than it was.
    const cookies = cookieTexts().filter(({ text }) => withoutKey(text, key, '') !== text).length
    return { replaced: done.replaced + indexed.replaced, left: done.left + indexed.left + cookies }
  }

  #idOf(key: string): string {
    const id = this.#ids.get(key) ?? randomId()
    this.#ids.set(key, id)
    return id
  }

  async #find(marks: readonly KeyMark[], depth: LookDepth): Promise<{ keys: HeldKey[]; whole: boolean }> {
    const indexed = depth === 'deep' ? await indexedTexts() : NOTHING
    const stored = depth === 'aside' ? NOTHING : storedTexts()
    const find = finderOf(marks)
    const keys = new Map<string, HeldKey>()
    const note = ({ place, text }: HeldText, isAny: (found: TextKey) => boolean) => {
      for (const found of find(text)) if (isAny(found)) add(keys, found, place)
    }
    for (const held of [...stored.texts, ...indexed.texts, ...cookieTexts()]) note(held, () => true)
    for (const held of [...carriedTexts(this.#calls.all), ...calledTexts()])
      note(held, ({ key }) => !this.#taken.has(key))
    const whole = stored.whole && indexed.whole && keys.size <= MOST_KEYS
    return { keys: [...keys.values()].slice(0, MOST_KEYS), whole }
  }
}

function replaceStored(key: string, placeholder: string): ReplacedInPage {
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

/** SHA-256 as hexadecimal digits; null in pages that came unencrypted, where the browser has none. */
async function digest(text: string): Promise<string | null> {
  if (crypto.subtle === undefined) return null
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))).toHex()
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
