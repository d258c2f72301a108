import { UsageError } from './usage-error.ts'

/** Repeated `NAME=VALUE` by name. @throws UsageError for a text without a name, and for a name given twice. */
export function settings(pairs: readonly string[]): Record<string, string> {
  const given = new Map<string, string>()
  for (const pair of pairs) {
    const at = pair.indexOf('=')
    if (at < 1) throw new UsageError('`--set` takes NAME=VALUE')
    const name = pair.slice(0, at)
    if (given.has(name)) throw new UsageError(`\`--set ${name}\` is given twice`)
    given.set(name, pair.slice(at + 1))
  }
  return Object.fromEntries(given)
}
