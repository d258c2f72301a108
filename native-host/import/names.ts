/** Longest name of a service or a capability, characters. */
const LONGEST = 64

/** A name as services and capabilities have it: `My Service.v2` becomes `my-service-v2`; `unnamed` where nothing is left. */
export function asName(text: string): string {
  const words = text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
  return words.replace(/^-+/, '').slice(0, LONGEST).replace(/-+$/, '') || 'unnamed'
}

/** The same, with a number behind it where others have it already. */
export function freshName(text: string, taken: readonly string[]): string {
  const name = asName(text)
  for (let number = 2, fresh = name; ; number += 1) {
    if (!taken.includes(fresh)) return fresh
    fresh = `${name.slice(0, LONGEST - 6)}-${number}`
  }
}
