/** What stood around a pasted key and was left out. */
export type LeftOut = 'space' | 'quotes' | 'name' | 'scheme'

/** A key without what people paste along with it. */
export interface CleanKey {
  key: string
  leftOut: LeftOut[]
}

/** No key is longer, characters; what is, is left as it is and for the host to refuse. */
export const MAX_KEY = 8192

/** What each kind of wrapping looks like; the first group is what stays. */
const WRAPPINGS: readonly [LeftOut, RegExp][] = [
  // Also what is not seen: the byte order mark, zero-width spaces, the no-break space of web pages.
  ['space', /^[\s\u200b-\u200d\u2060\ufeff]*(.*?)[\s\u200b-\u200d\u2060\ufeff]*$/s],
  ['quotes', /^(?:"(.*)"|'(.*)'|`(.*)`|“(.*)”|‘(.*)’|«(.*)»)[,;]?$/s],
  // A line of a `.env` file or of a shell.
  ['name', /^(?:export\s+)?[A-Z][A-Z0-9_]*(?:KEY|TOKEN|SECRET|PASSWORD|PAT)[A-Z0-9_]*\s*=\s*(\S.*)$/s],
  // A line of a request.
  ['name', /^(?:authorization|x-api-key|api-key|x-goog-api-key|xi-api-key|private-token)\s*:\s+(\S.*)$/is],
  ['scheme', /^bearer\s+(\S.*)$/is],
]

/**
 * Take off what surrounds a key where it was copied from: white space, quotes, the name it is assigned to, the word
 * `Bearer`. What stands inside a key is never touched, nor is text of several lines (a certificate, a JSON document)
 * but for the white space around it.
 */
export function cleanKey(pasted: string): CleanKey {
  const leftOut = new Set<LeftOut>()
  let key = pasted
  if (key.length > MAX_KEY) return { key, leftOut: [] }
  for (let changed = true; changed; ) {
    changed = false
    for (const [kind, shape] of WRAPPINGS) {
      if (kind !== 'space' && key.includes('\n')) continue
      const inner = shape
        .exec(key)
        ?.slice(1)
        .find((group) => group !== undefined)
      if (inner === undefined || inner === key) continue
      key = inner
      leftOut.add(kind)
      changed = true
    }
  }
  return { key, leftOut: [...leftOut] }
}
