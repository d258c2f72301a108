import type { Auth } from '../../shared/model/service.ts'
import { withHeader } from './header-value.ts'
import type { Scheme } from './scheme.ts'
import { secretText } from './secret-text.ts'

/** `Cookie: name=value` (RFC 6265 section 4.2): this one alone, whatever cookies the page or the browser have. */
export const cookie: Scheme<Extract<Auth, { kind: 'cookie' }>> = {
  kind: 'cookie',
  secretNames: (auth) => [auth.secret],
  fault: octetFault,
  flaw: (auth) =>
    /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(auth.cookie)
      ? null
      : `\`${auth.cookie}\` is not the name of a cookie`,
  apply(outbound, auth, secrets) {
    const value = secretText(secrets, auth.secret, octetFault)
    return { outbound: withHeader(outbound, 'cookie', `${auth.cookie}=${value}`), derived: [] }
  },
}

// RFC 6265 section 4.1.1, cookie-octet: ASCII without control characters, white space, `"`, `,`, `;` and `\`.
function octetFault(text: string): string | null {
  return /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]+$/.test(text)
    ? null
    : 'has characters that a cookie cannot carry'
}
