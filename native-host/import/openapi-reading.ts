import type { ReadingCode, ReadingReason } from '../../shared/model/described-operation.ts'
import type { Operation } from './openapi-document.ts'

/** Words that say that something is only looked at. */
const READS = words(
  'get list search query count read fetch find lookup describe show check validate verify render compare preview estimate ' +
    'calculate retrieve view browse download head exists status tokenize autocomplete suggest match inspect',
)
/** Words that say that something is made, changed, sent or ended. */
const ACTS = words(
  'create add new post put update patch edit modify set replace delete remove destroy purge clear drop reset revoke rotate ' +
    'regenerate generate start stop trigger run rerun execute invoke send publish submit upload import approve reject merge cancel ' +
    'close open reopen lock unlock enable disable activate deactivate archive restore move rename transfer assign subscribe ' +
    'unsubscribe follow unfollow star unstar logout signout login signin register pay refund charge buy purchase order book ' +
    'request redeliver retry sync refresh mark ping dispatch fork invite accept leave join ban mute kill restart reboot',
)
/** Last words of addresses whose answer may itself be a credential. */
const MINTS = words(
  'token tokens accesstoken accesstokens credential credentials secret apikey apikeys password otp login signin',
)

/** Whether an operation only reads, as far as its description tells. A suggestion: the owner ticks. */
export interface Suggestion {
  readonly reads: boolean
  readonly reason: ReadingReason
}

/** What to suggest for an operation: by what its name, its address and its answers say, not by its method alone. */
export function suggestReading(operation: Operation): Suggestion {
  const { method } = operation
  const yes = (code: ReadingCode, word: string | null = null) => because(true, method, code, word)
  const no = (code: ReadingCode, word: string | null = null) => because(false, method, code, word)
  if (mintsCredential(operation)) return no('mints')
  if (method === 'PUT' || method === 'PATCH' || method === 'DELETE') return no('method-changes')
  const end = lastWords(operation.path)
  const verb = firstVerb(operation)
  const acting = actingEnd(end)
  if (READING_METHODS.has(method)) {
    // A `get` in the name may be the method alone, as generators write it.
    const looks = verb !== null && verb !== 'get' && READS.has(verb)
    if (acting !== null && !looks) return no('address-acts', acting)
    if (verb !== null && ACTS.has(verb)) return no('name-acts', verb)
    return yes('method-reads')
  }
  if (operation.answers.some((code) => code === '201' || code === '204')) return no('answers-made')
  if (acting !== null) return no('address-acts', acting)
  if (verb !== null && READS.has(verb)) return yes('name-reads', verb)
  const asking = end.find((word) => READS.has(word))
  if (verb === null && asking !== undefined) return yes('address-reads', asking)
  return no('nothing-reads')
}

/** Methods that only read, by RFC 9110 section 9.2.1, where a service keeps to it. */
export const READING_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/** True where the answer to an operation may itself be a credential: no reading, and denied unless a rule names it exactly. */
export function mintsCredential({ path, name, method }: Operation): boolean {
  const last =
    path
      .split('/')
      .filter((segment) => segment !== '' && !segment.startsWith('{'))
      .at(-1) ?? ''
  const joined = last.toLowerCase().replace(/[^a-z]/g, '')
  if (method === 'DELETE') return false
  return (
    MINTS.has(joined) ||
    /(?:create|generate|rotate|regenerate|issue|mint)[A-Za-z_-]*(?:token|secret|credential|api[-_]?key)/i.test(
      name,
    )
  )
}

function because(reads: boolean, method: string, code: ReadingCode, word: string | null): Suggestion {
  return { reads, reason: { code, method, word } }
}

/** The word by which an address says that something is done; null where it says no such thing. */
function actingEnd(end: readonly string[]): string | null {
  const [first = ''] = end
  return end.length <= 2 && ACTS.has(first) ? first : null
}

/** Words of the name and of the last fixed part of the address, in lower case. */
export function wordsAbout({ name, path }: Operation): string[] {
  return [...(isNamedByAddress(name) ? [] : wordsOf(name)), ...lastWords(path)]
}

function isNamedByAddress(name: string): boolean {
  return /^[A-Z]+ \//.test(name)
}

/** The first word of the name that is a verb; where the name has none, that of the summary. */
function firstVerb({ name, summary }: Operation): string | null {
  const isVerb = (word: string) => READS.has(word) || ACTS.has(word)
  const named = isNamedByAddress(name) ? [] : wordsOf(name.slice(name.lastIndexOf('/') + 1))
  return named.find(isVerb) ?? wordsOf(summary).slice(0, 1).map(singular).find(isVerb) ?? null
}

/** Words of the last part of a path that is not filled in by the caller. */
function lastWords(path: string): string[] {
  const parts = path.split('/').filter((segment) => segment !== '' && !segment.includes('{'))
  return wordsOf(parts.at(-1) ?? '')
}

function wordsOf(text: string): string[] {
  return text
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '')
}

/** `lists` as `list`, as summaries have it. */
function singular(word: string): string {
  return READS.has(word) || ACTS.has(word) ? word : word.replace(/(?<=[a-z]{3})s$/, '')
}

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(' '))
}
