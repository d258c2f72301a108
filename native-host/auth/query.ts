import type { Auth } from '../../shared/model/service.ts'
import { appendedQuery } from './appended-query.ts'
import type { Scheme } from './scheme.ts'
import { secretText } from './secret-text.ts'

type QueryAuth = Extract<Auth, { kind: 'query' }>

/** A parameter of the URL, such as `?key=…`, appended; the URL before it stays as it was, byte for byte. */
export const query: Scheme<QueryAuth> = {
  kind: 'query',
  secretNames: (auth) => [auth.secret],
  fault: () => null,
  apply(outbound, auth, secrets) {
    const secret = secretText(secrets, auth.secret, query.fault)
    return { outbound: { ...outbound, url: appendedQuery(outbound.url, auth.param, secret) }, derived: [] }
  },
}
