import { isPattern } from '../policy/pattern.ts'
import type { Operation } from './openapi-document.ts'

/**
 * An operation as a rule: each `{name}` of its path is one segment or a part of one, and of the query only what it lists.
 *
 * @param base path below which the API lives, without a last slash. @returns null where no safe path can match it.
 */
export function ruleOf(operation: Operation, base: string): string | null {
  const path = `${base}${operation.path.startsWith('/') ? '' : '/'}${operation.path}`.replace(
    /\{[^{}/]*\}/g,
    '*',
  )
  const bare = `${operation.method} ${path.replace(/\*{2,}/g, '*')}`
  const listed = operation.query === null ? null : `${bare}?${operation.query.join('&')}`
  if (listed !== null && isPattern(listed)) return listed
  return isPattern(bare) ? bare : null
}
