import type { CacheMode, Sender } from '../../shared/protocol/call-frames.ts'
import { acceptLanguage } from './accept-language.ts'

type Pair = readonly [name: string, value: string]

/** Who sends a call, and what else of it decides what is said beside the page's own headers. */
export interface Sending {
  /** As claimed. */
  readonly headers: readonly Pair[]
  /** Absent: no page sends it. */
  readonly sender?: Sender | undefined
  /** Absent: `default`. */
  readonly cache?: CacheMode | undefined
}

/** How this program names itself where no browser sends: some servers answer nobody who gives no name. */
const OWN_NAME = 'valetkey'
/** Longest value that is sent, in characters: above every known one. */
const LONGEST = 512

const NO_CACHE: readonly Pair[] = [
  ['pragma', 'no-cache'],
  ['cache-control', 'no-cache'],
]
const FRESH: readonly Pair[] = [['cache-control', 'max-age=0']]
/** Headers of one who asks whether what they have is still good (Fetch standard, "HTTP-network-or-cache fetch"). */
const CONDITIONAL = /^if-(?:modified-since|none-match|unmodified-since|match|range)$/i

/**
 * What whoever sends a call says where neither the page nor the service says it: any answer is welcome (Fetch standard,
 * "fetch"), the languages of the user, the name of the program, and what caches on the way are to do (Fetch standard,
 * "HTTP-network-or-cache fetch"). Where no page sends it, only the first and the third.
 */
export function senderHeaders({ headers, sender, cache = 'default' }: Sending): Pair[] {
  // SECURITY: of a page's call the service hears what the browser would have told it in that very call, and no more: the
  // owner granted it, and the page could have called it. A name of ours instead would tell each service, and each page whose
  // service echoes headers, who keeps keys here; without any name some services refuse the call (GitHub, Resend). What a
  // service requires comes first: one that takes browsers for forgers has another name in its `requiredHeaders` (Jira).
  const all: Pair[] = [
    ['accept', '*/*'],
    ['accept-language', sender === undefined ? '' : printable(acceptLanguage(sender))],
    ['user-agent', printable(sender?.agent ?? '') || OWN_NAME],
    ...(sender === undefined ? [] : cacheHeaders(headers, sender, cache)),
  ]
  return all.filter(([, value]) => value !== '')
}

/** Headers as they leave, without those that {@link senderHeaders} gave them: another service may require others. */
export function withoutSenderHeaders(headers: readonly Pair[], sending: Sending): Pair[] {
  const given = new Map(senderHeaders(sending))
  for (const [name] of sending.headers) given.delete(name.toLowerCase())
  return headers.filter(([name, value]) => given.get(name) !== value)
}

function cacheHeaders(headers: readonly Pair[], { isGecko }: Sender, cache: CacheMode): readonly Pair[] {
  if (cache === 'no-store' || cache === 'reload') return NO_CACHE
  if (cache === 'no-cache') return FRESH
  if (cache === 'force-cache' || !headers.some(([name]) => CONDITIONAL.test(name))) return []
  // By the standard such a request is a `no-store`; Chromium asks for what is fresh (measured in 156).
  return isGecko ? NO_CACHE : FRESH
}

/** What a header can hold; empty for anything else, and nothing is said. */
const printable = (text: string): string =>
  /^[\x20-\x7e]*$/.test(text) && text.length <= LONGEST ? text : ''
