import { isCredentialHeader } from './header-names.ts'

/** Headers of an answer that no page reads, whatever a service lists. */
const NEVER: ReadonlySet<string> = new Set([
  // What speaks of credentials (RFC 9110 section 11).
  'authentication-info',
  'set-cookie2',
  'www-authenticate',
  // What moves, often to an address that is signed; of `location` the host tells what may pass.
  'location',
  'refresh',
  // What is said of the bytes on the wire: the page gets others, and a digest of them would tell whether a guessed key is right.
  'connection',
  'content-digest',
  'content-encoding',
  'content-length',
  'content-md5',
  'digest',
  'keep-alive',
  'repr-digest',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** Families of them: `proxy-authenticate`, what lets other sites read, and what only the host says. */
const NEVER_PREFIXES = ['access-control-', 'proxy-', 'sec-', 'valet-key-']

/** True for a header of an answer that a service may list for pages to read. @param name lower case. */
export function mayBeExposed(name: string): boolean {
  if (isCredentialHeader(name) || NEVER.has(name)) return false
  return !NEVER_PREFIXES.some((prefix) => name.startsWith(prefix))
}
