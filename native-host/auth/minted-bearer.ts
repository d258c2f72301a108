import type { Auth } from '../../shared/model/service.ts'
import { headerFault, withHeader } from './header-value.ts'
import { MINTED } from './minting.ts'
import type { Scheme } from './scheme.ts'
import { secretText } from './secret-text.ts'

/** What schemes have in common that send a minted token as `Authorization: Bearer` (RFC 6750 section 2.1). */
export const mintedBearer: Pick<Scheme<Auth>, 'apply'> = {
  apply(outbound, _auth, secrets) {
    const token = secretText(secrets, MINTED, headerFault)
    return { outbound: withHeader(outbound, 'authorization', `Bearer ${token}`), derived: [] }
  },
}
