import { UsageError } from './usage-error.ts'

/** One `-H 'Name: value'`, appended to those before it. @throws UsageError; the value is never quoted. */
export function collectHeader(text: string, before: [string, string][] = []): [string, string][] {
  const at = text.indexOf(':')
  if (at < 1) throw new UsageError('a header is written `Name: value`')
  return [...before, [text.slice(0, at), text.slice(at + 1).replace(/^[ \t]+/, '')]]
}
