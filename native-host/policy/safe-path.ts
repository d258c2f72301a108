/** Bytes that must not appear percent-encoded: separators and dots, which some servers decode before they route. */
const HIDDEN = new Set([0x2e, 0x2f, 0x3b, 0x5c])

/**
 * True for a raw path that every parser reads the same way: no dot segments, no empty segments but a last one, no
 * backslash, no `;`, whole percent triplets, and none that hides a control character, a separator, a dot or a
 * character that needs no encoding (RFC 3986 section 2.3), once or twice encoded.
 *
 * @param path starts with `/`.
 */
export function isSafePath(path: string): boolean {
  if (!path.startsWith('/') || /[^\x21-\x7e]|[\\;]/.test(path)) return false
  const segments = path.slice(1).split('/')
  if (segments.some((segment) => segment === '.' || segment === '..')) return false
  if (segments.slice(0, -1).includes('')) return false
  return hasSafeTriplets(path)
}

/** True when every `%` starts a triplet of two hex digits that hides nothing. */
function hasSafeTriplets(path: string): boolean {
  for (let at = path.indexOf('%'); at !== -1; at = path.indexOf('%', at + 1)) {
    const code = tripletAt(path, at + 1)
    if (code === null || hides(code)) return false
    // SECURITY: a server that decodes twice would see the inner triplet.
    const inner = code === 0x25 ? tripletAt(path, at + 3) : null
    if (inner !== null && (inner === 0x25 || hides(inner))) return false
  }
  return true
}

/** Value of the two hex digits at `at`, or null. */
function tripletAt(text: string, at: number): number | null {
  const digits = text.slice(at, at + 2)
  return /^[0-9A-Fa-f]{2}$/.test(digits) ? Number.parseInt(digits, 16) : null
}

function hides(code: number): boolean {
  return code < 0x20 || code === 0x7f || HIDDEN.has(code) || /[A-Za-z0-9_~-]/.test(String.fromCharCode(code))
}
