import { holdsPlaceholder } from './placeholder.ts'
import { queryPairs } from './url-text.ts'

/**
 * A search text without the parameters that carry a credential or its placeholder: all of a stripped name, compared
 * decoded and in any case, and all that hold the placeholder. Every other byte stays; with nothing to strip, the text itself.
 *
 * @param search with its `?`; empty for none.
 * @param names lower case.
 */
export function stripQuery(search: string, names: ReadonlySet<string>, placeholder: string): string {
  const pairs = search.slice(1).split('&')
  const kept = pairs.filter((pair) => !isStripped(pair, names, placeholder))
  if (kept.length === pairs.length) return search
  return kept.length === 0 ? '' : `?${kept.join('&')}`
}

function isStripped(pair: string, names: ReadonlySet<string>, placeholder: string): boolean {
  const [name, value] = queryPairs(pair)[0] ?? ['', '']
  return (
    names.has(name.trim().toLowerCase()) ||
    holdsPlaceholder(name, placeholder) ||
    holdsPlaceholder(value, placeholder)
  )
}
