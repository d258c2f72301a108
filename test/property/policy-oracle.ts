/**
 * A second opinion on URLs and patterns, written apart from the product and the slow, plain way: characters one by one,
 * recursion for wildcards. It may be stricter than the host nowhere and laxer nowhere.
 */

/** What a text is sent as for a service with this origin and base path; null where it must be refused. */
export function oracleUrl(
  text: string,
  origin: string,
  base: string,
): { path: string; search: string } | null {
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    if (code <= 0x20 || code >= 0x7f || character === '\\') return null
  }
  const [front = ''] = text.split('#')
  const scheme = origin.slice(0, origin.indexOf(':'))
  const host = origin.slice(origin.indexOf('//') + 2)
  const folded = front.toLowerCase()
  const starts = [`${scheme}://${host}`]
  // The default port may be written, where the service has no other.
  if (!/:\d+$/.test(host)) starts.push(`${scheme}://${host}:${scheme === 'https' ? '443' : '80'}`)
  // The longer one first: it holds the shorter.
  const start = starts
    .reverse()
    .find((each) => folded.startsWith(each) && ['', '/', '?'].includes(folded.charAt(each.length)))
  if (start === undefined) return null
  const rest = front.slice(start.length)
  const mark = rest.includes('?') ? rest.indexOf('?') : rest.length
  const path = rest.slice(0, mark) || '/'
  const search = rest.slice(mark)
  if (!isPlainPath(path) || !isPlainSearch(search)) return null
  return path === base || path.startsWith(`${base}/`) ? { path, search } : null
}

function isPlainPath(path: string): boolean {
  if (/[";<>^`{}]/.test(path)) return false
  const segments = path.split('/').slice(1)
  for (const [index, segment] of segments.entries()) {
    if (segment === '' && index < segments.length - 1) return false
    if (segment === '.' || segment === '..') return false
  }
  return isPlainlyEncoded(path) && isPlainlyEncoded(path.split('%25').join('%'), true)
}

/** Every `%` begins a byte that is neither unreserved, nor a separator, nor a control. `once` skips what is no triplet. */
function isPlainlyEncoded(text: string, once = false): boolean {
  const pieces = text.split('%').slice(1)
  for (const piece of pieces) {
    const digits = piece.slice(0, 2)
    if (!/^[0-9a-f]{2}$/i.test(digits)) {
      if (once) continue
      return false
    }
    const byte = Number.parseInt(digits, 16)
    const character = String.fromCharCode(byte)
    if (byte < 32 || byte === 127 || './\\;-_~'.includes(character)) return false
    if (character.toUpperCase() !== character.toLowerCase() && byte < 128) return false
    if (character >= '0' && character <= '9') return false
    if (once && byte === 0x25) return false
  }
  return true
}

function isPlainSearch(search: string): boolean {
  if (/["<>';]/.test(search)) return false
  const lower = search.toLowerCase()
  for (let byte = 0; byte < 128; byte = byte === 31 ? 127 : byte + 1) {
    // Tab and line feed may be in a value.
    if (byte === 9 || byte === 10) continue
    if (lower.includes(`%${byte.toString(16).padStart(2, '0')}`)) return false
  }
  return search
    .slice(1)
    .split('&')
    .every((pair) => {
      const [name = ''] = pair.split('=')
      return name
        .split('%')
        .slice(1)
        .every((piece) => /^[0-9a-f]{2}/i.test(piece) && !/^0[9a]/i.test(piece))
    })
}

/** Whether a path is what a pattern's path says, by trying every way. Only for short inputs. */
export function oraclePath(pattern: string, path: string): boolean {
  return segmentsFit(pattern.slice(1).split('/'), path.slice(1).split('/'))
}

function segmentsFit(pattern: readonly string[], path: readonly string[]): boolean {
  const [head, ...tail] = pattern
  if (head === undefined) return path.length === 0
  if (head === '**')
    return path.some((_, index) => segmentsFit(tail, path.slice(index))) || segmentsFit(tail, [])
  const [first, ...rest] = path
  if (first === undefined) return false
  const fits = head === '*' ? first !== '' : textFits(head, first)
  return fits && segmentsFit(tail, rest)
}

function textFits(pattern: string, text: string): boolean {
  if (pattern === '') return text === ''
  if (pattern.startsWith('*'))
    return textFits(pattern.slice(1), text) || (text !== '' && textFits(pattern, text.slice(1)))
  return text !== '' && pattern[0] === text[0] && textFits(pattern.slice(1), text.slice(1))
}
