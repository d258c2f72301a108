import { type Sentence, said, say } from '../../shared/model/said.ts'
import { Refusal } from '../refusal.ts'
import { pathMatches } from './glob.ts'
import { isMethod } from './methods.ts'
import { isSafePath } from './safe-path.ts'

/** Segments cut at `**`; each segment cut at its `*`. */
type Runs = readonly (readonly (readonly string[])[])[]

/** A parsed `METHODS PATH`. */
export interface Pattern {
  readonly text: string
  /** Null: any method. */
  readonly methods: ReadonlySet<string> | null
  /** Upper-case percent triplets, otherwise as written. */
  readonly runs: Runs
  /** What `matchesWidely` compares: decoded, lower case, no empty last segment. */
  readonly wideRuns: Runs
  /** Null: any query. Otherwise these decoded names, each at most once, and no others. */
  readonly names: ReadonlySet<string> | null
}

/** Patterns already read: rules are few and asked about at every call. Emptied when full, so that no text can grow it. */
const READ = new Map<string, Pattern>()
const MOST_READ = 2048

/** A text that is not a pattern. The message says what is wrong with it. */
export class InvalidPattern extends Refusal {
  /** The text itself. */
  readonly pattern: string

  constructor(text: string, wrong: Sentence) {
    super('invalid', say`\`${text}\` is not a rule: ${said(wrong)}`)
    this.name = 'InvalidPattern'
    this.pattern = text
  }
}

/** True for what `parsePattern` reads. */
export function isPattern(text: string): boolean {
  try {
    parsePattern(text)
    return true
  } catch (error) {
    if (error instanceof InvalidPattern) return false
    throw error
  }
}

/**
 * Read `METHODS PATH`.
 *
 * METHODS is `*` or methods joined by commas; `GET` does not include `HEAD`. In PATH, `*` is one segment or a part of
 * one (a lone `*` wants at least one character) and `**`, only as a whole segment, any number of segments, also none.
 * `?a&b` at the end: these query names and no others, each at most once; a bare `?`: no query parameter at all; without:
 * any query. Paths are compared raw, anchored and case-sensitive; percent triplets regardless of hex case.
 *
 * @throws InvalidPattern for anything else, also for what could never match a canonical path.
 */
export function parsePattern(text: string): Pattern {
  const known = READ.get(text)
  if (known !== undefined) return known
  const pattern = readPattern(text)
  if (READ.size >= MOST_READ) READ.clear()
  READ.set(text, pattern)
  return pattern
}

function readPattern(text: string): Pattern {
  const space = text.indexOf(' ')
  if (space < 1) throw new InvalidPattern(text, 'write methods, one space and a path, as in `GET /v1/models`')
  const methods = parseMethods(text, text.slice(0, space))
  const target = text.slice(space + 1)
  const mark = target.indexOf('?')
  const path = mark === -1 ? target : target.slice(0, mark)
  checkPath(text, path)
  const names = mark === -1 ? null : parseNames(text, target.slice(mark + 1))
  const segments = upperTriplets(path).slice(1).split('/')
  const wide = segments.at(-1) === '' ? segments.slice(0, -1) : segments
  return { text, methods, names, runs: cutRuns(segments), wideRuns: cutRuns(wide, foldLiteral) }
}

/** Read `METHODS PATH` or a path alone, which is then for any method. @throws InvalidPattern as `parsePattern`. */
export function parsePathPattern(text: string): Pattern {
  return text.startsWith('/') ? { ...parsePattern(`* ${text}`), text } : parsePattern(text)
}

/**
 * True when a canonical request is what the pattern says, exactly. What allows uses this.
 *
 * @param path raw percent-encoded path.
 * @param query decoded pairs.
 */
export function matches(
  pattern: Pattern,
  method: string,
  path: string,
  query: readonly (readonly [name: string, value: string])[],
): boolean {
  return matchesApartFromQuery(pattern, method, path) && matchesQuery(pattern, query)
}

/** The part of `matches` that looks at method and path. */
export function matchesApartFromQuery(pattern: Pattern, method: string, path: string): boolean {
  if (pattern.methods !== null && !pattern.methods.has(method)) return false
  return pathMatches(pattern.runs, upperTriplets(path).slice(1).split('/'))
}

/** The part of `matches` that looks at the query names. */
export function matchesQuery(
  pattern: Pattern,
  query: readonly (readonly [name: string, value: string])[],
): boolean {
  const { names } = pattern
  if (names === null) return true
  const sent = query.map(([name]) => name)
  return new Set(sent).size === sent.length && sent.every((name) => names.has(name))
}

/** Percent triplets decoded to one character a byte, ASCII letters in lower case: how a lenient server may route. */
export function foldLiteral(text: string): string {
  const decoded = text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return decoded.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

function parseMethods(text: string, methods: string): ReadonlySet<string> | null {
  if (methods === '*') return null
  const list = methods.split(',')
  const unknown = list.find((method) => !isMethod(method))
  if (unknown !== undefined)
    throw new InvalidPattern(text, say`\`${unknown}\` is not a method that can be sent`)
  return new Set(list)
}

function checkPath(text: string, path: string): void {
  if (!path.startsWith('/')) throw new InvalidPattern(text, 'the path must start with `/`')
  const odd = /[^\x21-\x7e]|["#<>\\^`{}]/u.exec(path)?.[0]
  if (odd !== undefined) throw new InvalidPattern(text, say`\`${odd}\` cannot stand in a path as it is sent`)
  const stars = path.split('/').find((segment) => segment.includes('**') && segment !== '**')
  if (stars !== undefined) throw new InvalidPattern(text, '`**` must be a whole segment')
  if (!isSafePath(path))
    throw new InvalidPattern(text, 'no safe path can match it (dots, separators or encodings)')
}

function parseNames(text: string, part: string): ReadonlySet<string> {
  if (part === '') return new Set()
  const names = part.split('&')
  if (names.some((name) => name === '' || /[^\x21-\x7e]|[=?#*;\\]/.test(name))) {
    throw new InvalidPattern(text, 'after `?` write names joined by `&`, without values')
  }
  if (new Set(names).size !== names.length) throw new InvalidPattern(text, 'a query name stands there twice')
  try {
    return new Set(names.map((name) => decodeURIComponent(name)))
  } catch {
    throw new InvalidPattern(text, 'a query name is not well encoded')
  }
}

function cutRuns(segments: readonly string[], fold = (literal: string) => literal): Runs {
  const runs: string[][][] = [[]]
  for (const segment of segments) {
    if (segment === '**') runs.push([])
    else runs.at(-1)?.push(segment.split('*').map(fold))
  }
  return runs
}

function upperTriplets(path: string): string {
  return path.replace(/%[0-9A-Fa-f]{2}/g, (triplet) => triplet.toUpperCase())
}
