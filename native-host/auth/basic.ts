import type { Auth } from '../../shared/model/service.ts'
import { Problem } from '../problem.ts'
import { withHeader } from './header-value.ts'
import type { Scheme, Secrets } from './scheme.ts'
import { secretText } from './secret-text.ts'

type BasicAuth = Extract<Auth, { kind: 'basic' }>

/** `Authorization: Basic base64(username:password)` in UTF-8 (RFC 7617 section 2). */
export const basic: Scheme<BasicAuth> = {
  kind: 'basic',
  secretNames: (auth) => [auth.secret],
  fault: controlFault,
  apply(outbound, auth, secrets) {
    const bytes = pair(auth, secrets)
    const encoded = bytes.toString('base64')
    return {
      outbound: withHeader(outbound, 'authorization', `Basic ${encoded}`),
      // Only as a whole: a service may mention the user. The password itself is looked for in pieces.
      derived: [bytes, Buffer.from(encoded, 'latin1')].map((whole) => ({ bytes: whole, pieces: false })),
    }
  },
}

// RFC 7617 section 2: neither part may hold control characters, and the first colon ends the user name.
function controlFault(text: string): string | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return /[\u0000-\u001f\u007f-\u009f]/.test(text) ? 'contains a control character' : null
}

function pair(auth: BasicAuth, secrets: Secrets): Buffer {
  if (auth.username.includes(':') || controlFault(auth.username) !== null) {
    throw new Problem('internal', 'username-unsendable')
  }
  return Buffer.from(`${auth.username}:${secretText(secrets, auth.secret, controlFault)}`, 'utf8')
}
