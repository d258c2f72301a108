import { randomBytes } from 'node:crypto'
import { ByteNeedles } from './byte-needles.ts'
import { formsOf } from './canary-forms.ts'

/** A marked key: stored in a vault by a test, and then searched for everywhere it must not be. */
export interface Canary {
  /** What it is the key of, for messages. */
  readonly name: string
  readonly key: string
}

/** A canary that was found where it must not be. */
export interface Finding {
  readonly canary: string
  readonly form: string
  /** File, page, process or stream. */
  readonly place: string
}

/** A fresh key in the given shape: `prefix` and 40 random characters from A-Z a-z 0-9. */
export function makeCanary(name: string, prefix = ''): Canary {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
  const tail = Array.from(randomBytes(40), (byte) => alphabet[byte % alphabet.length]).join('')
  return { name, key: `${prefix}${tail}` }
}

/**
 * Search bytes or text for every canary. An empty list is the hoped-for answer.
 *
 * @param only names of forms to search for; default all of `formsOf`.
 */
export function searchFor(
  canaries: readonly Canary[],
  where: Uint8Array | string,
  place: string,
  only?: ReadonlySet<string>,
): Finding[] {
  const bytes =
    typeof where === 'string'
      ? Buffer.from(where)
      : Buffer.from(where.buffer, where.byteOffset, where.byteLength)
  const { needles, findings } = soughtFor(canaries, only)
  return [...needles.in(bytes)]
    .sort((a, b) => a - b)
    .map((index) => ({ ...findings[index], place }) as Finding)
}

/** Length of the longest form: how far neighbouring pieces of a stream must overlap for a search to miss nothing. */
export function longestForm(canaries: readonly Canary[]): number {
  return Math.max(0, ...canaries.flatMap((canary) => formsFor(canary).map((form) => form.bytes.length)))
}

/** Findings as lines for an assertion's message, at most twenty. */
export function describeFindings(findings: readonly Finding[]): string[] {
  return findings.slice(0, 20).map(({ canary, form, place }) => `${canary} as ${form} in ${place}`)
}

const known = new Map<string, ReturnType<typeof formsOf>>()

function formsFor(canary: Canary): ReturnType<typeof formsOf> {
  const forms = known.get(canary.key) ?? formsOf(canary.key)
  known.set(canary.key, forms)
  return forms
}

/** What is searched for at once, and by the same places in the list what it would be to find it. */
interface Sought {
  readonly needles: ByteNeedles
  readonly findings: readonly Omit<Finding, 'place'>[]
}

/** The newest: thousands of small pieces are searched one after the other for the same. */
let newest: { of: string; sought: Sought } | null = null

function soughtFor(canaries: readonly Canary[], only?: ReadonlySet<string>): Sought {
  const of = JSON.stringify([canaries, only === undefined ? null : [...only]])
  if (newest?.of === of) return newest.sought
  const each = canaries.flatMap((canary) =>
    formsFor(canary)
      .filter((form) => only?.has(form.name) ?? true)
      .map((form) => ({ bytes: form.bytes, finding: { canary: canary.name, form: form.name } })),
  )
  const sought = {
    needles: new ByteNeedles(each.map(({ bytes }) => bytes)),
    findings: each.map(({ finding }) => finding),
  }
  newest = { of, sought }
  return sought
}
