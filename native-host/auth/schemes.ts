import type { Auth, AuthKind } from '../../shared/model/service.ts'
import { basic } from './basic.ts'
import { bearer } from './bearer.ts'
import { cookie } from './cookie.ts'
import { formField } from './form-field.ts'
import { githubApp } from './github-app.ts'
import { googleServiceAccount } from './google-service-account.ts'
import { header } from './header.ts'
import { hmac } from './hmac.ts'
import { jsonField } from './json-field.ts'
import { jwtBearer } from './jwt-bearer.ts'
import { mtls } from './mtls.ts'
import { none } from './none.ts'
import { oauth1 } from './oauth1.ts'
import { oauth2ClientCredentials } from './oauth2-client-credentials.ts'
import { oauth2Refresh } from './oauth2-refresh.ts'
import { path } from './path.ts'
import { query } from './query.ts'
import type { Scheme } from './scheme.ts'
import { sigv4 } from './sigv4.ts'

type Schemes = { readonly [K in AuthKind]: Scheme<Extract<Auth, { kind: K }>> }

const SCHEMES: Schemes = {
  none,
  bearer,
  header,
  basic,
  query,
  'json-field': jsonField,
  path,
  cookie,
  'form-field': formField,
  sigv4,
  'oauth2-client-credentials': oauth2ClientCredentials,
  'oauth2-refresh': oauth2Refresh,
  'jwt-bearer': jwtBearer,
  'github-app': githubApp,
  'google-service-account': googleServiceAccount,
  hmac,
  oauth1,
  mtls,
}

/** The scheme an `auth` names. Total: every kind has one. */
export function schemeOf<A extends Auth>(auth: A): Scheme<A> {
  // The compiler cannot see that the member found under `auth.kind` is the one for `A`; the type of the table says it.
  return SCHEMES[auth.kind] as unknown as Scheme<A>
}

/** Load what these schemes need beyond what a host starts with. */
export async function schemesReady(auth: readonly { auth: Auth }[]): Promise<void> {
  await Promise.all(auth.map((each) => schemeOf(each.auth).ready?.()))
}
