import { say } from '../../shared/model/said.ts'
import { canonicalMethod } from '../policy/methods.ts'
import { isPattern } from '../policy/pattern.ts'
import { Refusal } from '../refusal.ts'

/** Patterns that stand for a rule of Janee, or why none can; `differs` where Janee's rule says something else. */
export interface JaneeRule {
  readonly patterns: readonly string[]
  readonly differs: string | null
}

/**
 * An allow rule of Janee as rules of ours that never allow more than it did.
 *
 * Janee compares `METHOD PATH` with path and query as the caller wrote them, and its `*` stands for any text, slashes and
 * question marks included. Here a `*` inside a path stays within its segment; at the end it means everything below.
 *
 * @param base path of the service's base URL, without its last slash.
 * @returns no pattern where nothing narrower can be said.
 */
export function allowRule(text: string, base: string): JaneeRule {
  const read = parts(text)
  if (read === null) return { patterns: [], differs: 'it is not `METHOD PATH`, so Janee ignored it as well' }
  const { method, path, query } = read
  if (query !== null) return { patterns: [], differs: nearestOf(method, base + path, query) }
  const isOpen = path.endsWith('*')
  const inner = isOpen ? path.slice(0, -1) : path
  // A rule of ours without a query part allows any query; one of Janee's that does not end in `*` allowed none.
  const pattern = `${method} ${base}${isOpen ? openEnd(inner) : `${path}?`}`
  if (!isPattern(pattern)) return { patterns: [], differs: 'no safe path can match it' }
  return { patterns: [pattern], differs: differenceOf(inner, isOpen) }
}

/**
 * A deny rule of Janee as rules of ours that deny at least as much.
 *
 * @throws Refusal `invalid` where it cannot be read: a denial must not be lost.
 */
export function denyRule(text: string, base: string): string {
  const read = parts(text)
  if (read === null)
    throw new Refusal(
      'invalid',
      say`the denial \`${text}\` is not \`METHOD PATH\`: Janee ignored it, and so denied nothing`,
    )
  const { method, path } = read
  const wide = path.split('/').flatMap(widened)
  const pattern = `${method} ${base}${wide.filter((each, at) => each !== '**' || wide[at - 1] !== '**').join('/')}`
  if (!isPattern(pattern))
    throw new Refusal('invalid', say`the denial \`${text}\` cannot be said as a rule here`)
  return pattern
}

/** A segment with a `*` that also stood for slashes, as segments. */
function widened(segment: string): string[] {
  if (!segment.includes('*')) return [segment]
  return segment === '*' || !segment.endsWith('*') ? ['**'] : [segment, '**']
}

function parts(text: string): { method: string; path: string; query: string | null } | null {
  const [method = '', target = '', ...more] = text.trim().split(/\s+/)
  if (target === '' || more.length > 0) return null
  const known = method === '*' ? '*' : canonicalMethod(method)
  if (known === null) return null
  const one = target.replace(/\*+/g, '*')
  const whole = one.startsWith('/') ? one : one.startsWith('*') ? `/${one}` : null
  if (whole === null) return null
  const mark = whole.indexOf('?')
  return {
    method: known,
    path: mark === -1 ? whole : whole.slice(0, mark),
    query: mark === -1 ? null : whole.slice(mark + 1),
  }
}

/** What follows a `*` at the end: `/a/*` is all that is below `/a/`, `/a*` what begins so in that segment. */
function openEnd(inner: string): string {
  if (inner === '/') return '/**'
  return inner.endsWith('/') ? `${inner}*/**` : `${inner}*`
}

function nearestOf(method: string, path: string, query: string): string {
  const names = query.split('&').map((pair) => pair.split('=')[0] ?? '')
  const nearest = `${method} ${path}?${names.join('&')}`
  const hint = isPattern(nearest) ? `; the nearest, which is wider: \`${nearest}\`` : ''
  return `it demands parameters of the query, and rules here can only list them${hint}`
}

function differenceOf(inner: string, isOpen: boolean): string | null {
  const differences = [
    inner.includes('*')
      ? 'in Janee a `*` in the middle also stood for several segments and for a query'
      : null,
    isOpen && !inner.endsWith('/') ? 'in Janee it also let through everything below' : null,
  ].filter((each) => each !== null)
  return differences.length === 0 ? null : differences.join('; ')
}
