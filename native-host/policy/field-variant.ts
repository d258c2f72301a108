import { foldKey } from './key-variant.ts'

/**
 * True for the name of a field that some server could take for the one that is named: as of members of JSON, and `name[]`,
 * `name[x]`, `[name]` and `name.x` (PHP, Rails, qs, Spring), `_name` and `!name` (Spring's markers), and PHP's `_` for a
 * blank, a dot or a bracket.
 */
export function isFieldVariant(name: string, named: string): boolean {
  if (name === named) return false
  if (/^[\s[]*__proto__/.test(name)) return true
  const wanted = foldKey(plain(named))
  return [name, name.split(/[.[]/, 1)[0] ?? ''].some((each) => foldKey(plain(each)) === wanted)
}

function plain(name: string): string {
  return name.replace(/[.[\]!+$]/g, '')
}
