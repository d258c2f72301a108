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
  readonly why: string
}

/** What to suggest for an operation: by what its name, its address and its answers say, not by its method alone. */
export function suggestReading(operation: Operation): Suggestion {
  const { method } = operation
  if (mintsCredential(operation)) return no('its answer may itself be a credential')
  if (method === 'PUT' || method === 'PATCH' || method === 'DELETE') return no(`${method} changes something`)
  const end = lastWords(operation.path)
  const verb = firstVerb(operation)
  const acting = end.length <= 2 && ACTS.has(end[0] ?? '') ? end[0] : undefined
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') {
    // A `get` in the name may be the method alone, as generators write it.
    const looks = verb !== null && verb !== 'get' && READS.has(verb)
    if (acting !== undefined && !looks)
      return no(`its address ends in \`${acting}\`, which is more than reading`)
    if (verb !== null && ACTS.has(verb)) return no(`its name says \`${verb}\`, which is more than reading`)
    return { reads: true, why: `${method}, and nothing says that it changes anything` }
  }
  if (operation.answers.some((code) => code === '201' || code === '204'))
    return no('it answers that something was made or changed')
  if (acting !== undefined) return no(`its address ends in \`${acting}\``)
  if (verb !== null && READS.has(verb))
    return { reads: true, why: `its name says \`${verb}\`, though it is sent by ${method}` }
  const asking = end.find((word) => READS.has(word))
  if (verb === null && asking !== undefined)
    return { reads: true, why: `its address ends in \`${asking}\`, though it is sent by ${method}` }
  return no(`${method}, and nothing says that it only reads`)
}

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

function no(why: string): Suggestion {
  return { reads: false, why }
}

/** The first word of the name that is a verb; where the name has none, that of the summary. */
function firstVerb({ name, summary }: Operation): string | null {
  const isVerb = (word: string) => READS.has(word) || ACTS.has(word)
  const named = /^[A-Z]+ \//.test(name) ? [] : wordsOf(name.slice(name.lastIndexOf('/') + 1))
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
