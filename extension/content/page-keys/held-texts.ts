import { MAX_CALLED } from '../../../shared/protocol/limits.ts'
import type { KeyPlace } from '../../../shared/protocol/page-keys.ts'

/** Most characters that are looked through in one document, and most entries: a look takes no longer than a blink. */
const MOST_TEXT = 2_000_000
const MOST_ENTRIES = 2000
/** What the browser's timeline calls a request that a script made. */
const CALL_KINDS = ['fetch', 'xmlhttprequest', 'beacon', 'other']

/** A text that the page holds, and where. */
export interface HeldText {
  place: KeyPlace
  text: string
}

/** The kinds of storage that are looked into. */
type StorageKind = 'local' | 'session'

/** A storage of this document; null where the browser keeps it from everybody. */
export function storageOf(kind: StorageKind): Storage | null {
  try {
    return kind === 'local' ? localStorage : sessionStorage
  } catch {
    return null
  }
}

/** Names of the entries of a storage. */
export function namesOf(storage: Storage): string[] {
  return Array.from({ length: storage.length }, (_, at) => storage.key(at)).filter((name) => name !== null)
}

/** The texts of both storages, as many as may be looked through. `whole` false: there are more, or longer ones. */
export function storedTexts(): { texts: HeldText[]; whole: boolean } {
  const texts: HeldText[] = []
  const all = [...entriesOf('local'), ...entriesOf('session')]
  let room = MOST_TEXT
  for (const { storage, place } of all.slice(0, MOST_ENTRIES)) {
    const text = storage.getItem(place.name) ?? ''
    if (text.length > room) continue
    room -= text.length
    texts.push({ place, text })
  }
  return { texts, whole: texts.length === all.length }
}

function entriesOf(kind: StorageKind): { storage: Storage; place: KeyPlace }[] {
  const storage = storageOf(kind)
  return storage === null ? [] : namesOf(storage).map((name) => ({ storage, place: { kind, name } }))
}

/** The cookies that scripts of this document may read. Browsers keep at most some hundred kilobytes of them for a site. */
export function cookieTexts(): HeldText[] {
  return readCookies()
    .split('; ')
    .map((cookie) => {
      const at = cookie.indexOf('=')
      return {
        place: { kind: 'cookie', name: cookie.slice(0, Math.max(at, 0)) },
        text: decoded(cookie.slice(at + 1)),
      }
    })
}

function readCookies(): string {
  try {
    return document.cookie
  } catch {
    // Of a document whose frame may have none.
    return ''
  }
}

/** JSON in a cookie is percent-encoded, and the `%22` before a key would pass for a part of it. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** The parameters of the addresses that scripts of the page called, as the browser's timeline has them. */
export function calledTexts(): HeldText[] {
  return calledAddresses().flatMap(parametersOf)
}

/**
 * Other origins that scripts of the page called without us. The timeline has the address of such a call and nothing that it
 * carried: the page's own script would have to keep the headers of every call it lets pass, which costs all of them.
 */
export function calledOrigins(): string[] {
  const origins = new Set(calledAddresses().flatMap((address) => URL.parse(address)?.origin ?? []))
  origins.delete(globalThis.origin)
  origins.delete('null')
  return [...origins].slice(0, MAX_CALLED)
}

function calledAddresses(): string[] {
  const entries = performance.getEntriesByType('resource') as PerformanceResourceTiming[]
  return entries.filter(({ initiatorType }) => CALL_KINDS.includes(initiatorType)).map(({ name }) => name)
}

/** What the caught calls carried, as the carrier noted it. */
export function carriedTexts(values: readonly (readonly [value: string, header: string])[]): HeldText[] {
  return values.flatMap(([value, header]) =>
    header === '' ? parametersOf(value) : { place: { kind: 'call', name: header }, text: value },
  )
}

function parametersOf(address: string): HeldText[] {
  const url = URL.parse(address)
  return [...(url?.searchParams ?? [])].map(([name, text]) => ({ place: { kind: 'address', name }, text }))
}
