import type { BodyRule, Capability } from './capability.ts'

/** Methods that only read, by RFC 9110 section 9.2.1. TRACE, the fourth of them, is never sent. */
const READING: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/** True for a method, in upper case, that only reads. One that nobody knows does not. */
export function isReading(method: string): boolean {
  return READING.has(method)
}

/**
 * True where an allow rule lets through more than reading, so that its owner may want to be asked before each such call. A
 * capability whose conditions name GraphQL queries and no other operations only reads, although it does so by POST.
 */
export function mayWrite({ rules, body }: Pick<Capability, 'rules' | 'body'>): boolean {
  const methods = rules
    .filter(({ effect }) => effect === 'allow')
    .flatMap(({ pattern }) => (pattern.split(' ')[0] ?? '*').split(','))
  return methods.some((method) => !isReading(method) && !(method === 'POST' && onlyQueries(body)))
}

function onlyQueries(body: readonly BodyRule[]): boolean {
  const kinds = body.flatMap((rule) => (rule.op === 'graphql' ? [rule.kind] : []))
  return kinds.length > 0 && kinds.every((kind) => kind === 'query')
}
