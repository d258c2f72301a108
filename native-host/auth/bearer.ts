import type { Auth } from '../../shared/model/service.ts'
import { headerFault, wireBytes, withHeader } from './header-value.ts'
import type { Scheme } from './scheme.ts'
import { secretText } from './secret-text.ts'

/** `Authorization: Bearer <token>` (RFC 6750 section 2.1). */
export const bearer: Scheme<Extract<Auth, { kind: 'bearer' }>> = {
  kind: 'bearer',
  secretNames: (auth) => [auth.secret],
  places: () => ({ headers: ['authorization'], query: [], jsonFields: [] }),
  fault: headerFault,
  apply(outbound, auth, secrets) {
    return withHeader(outbound, 'authorization', `Bearer ${secretText(secrets, auth.secret, headerFault)}`)
  },
  derived(auth, secrets) {
    const bytes = wireBytes(secretText(secrets, auth.secret, headerFault))
    return bytes === null ? [] : [bytes]
  },
}
