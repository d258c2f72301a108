import type { Auth } from '../../shared/model/service.ts'
import { asSent, headerFault, withHeader } from './header-value.ts'
import type { Scheme } from './scheme.ts'
import { secretText } from './secret-text.ts'

/** `Authorization: Bearer <token>` (RFC 6750 section 2.1). */
export const bearer: Scheme<Extract<Auth, { kind: 'bearer' }>> = {
  kind: 'bearer',
  secretNames: (auth) => [auth.secret],
  fault: headerFault,
  apply(outbound, auth, secrets) {
    const token = secretText(secrets, auth.secret, headerFault)
    return {
      outbound: withHeader(outbound, 'authorization', `Bearer ${token}`),
      derived: asSent(token),
    }
  },
}
