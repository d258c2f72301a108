import type { Auth, Service } from '../../shared/model/service.ts'
import type { Outbound } from '../auth/outbound.ts'
import type { Secrets } from '../auth/scheme.ts'
import { schemeOf } from '../auth/schemes.ts'
import { canonicalBody } from '../policy/canonical-body.ts'
import { MalformedJson } from '../policy/malformed-json.ts'
import type { CanonicalRequest } from '../policy/request.ts'
import { Problem } from '../problem.ts'

/**
 * The request as it leaves: what was decided, without any placeholder in a body that is held whole, and with the
 * credential, added last. (Placeholders in headers and query went when the request was made canonical.)
 *
 * @param bodyLength bytes of a streamed body where known; of a held one its own length counts.
 * @throws Problem `internal` where a secret is missing or cannot be sent, `malformed` where the body has no place for
 *   it: a call never leaves without its credential.
 */
export function inject(
  request: CanonicalRequest,
  body: Uint8Array | AsyncIterable<Uint8Array> | null,
  bodyLength: number | null,
  service: Service,
  auth: Auth,
  secrets: Secrets,
): Outbound {
  const stripped = body instanceof Uint8Array ? strippedBody(request, body, service) : body
  const outbound: Outbound = {
    method: request.method,
    url: request.url,
    headers: request.headers,
    body: stripped,
    bodyLength: stripped instanceof Uint8Array ? stripped.length : bodyLength,
  }
  const scheme = schemeOf(auth)
  const injected = scheme.apply(outbound, auth, secrets)
  refuseTwice(injected, scheme.places(auth).headers)
  return Object.freeze(injected)
}

/**
 * Every byte sequence of a call's credential that must not come back: the secrets and what the scheme makes of them.
 *
 * @throws Problem `internal` (`secret-missing`) as `inject` does.
 */
export function needles(auth: Auth, secrets: Secrets): Uint8Array[] {
  const scheme = schemeOf(auth)
  const plain = scheme.secretNames(auth).flatMap((name) => secrets.get(name)?.reveal() ?? [])
  return [...plain, ...scheme.derived(auth, secrets)]
}

function strippedBody(request: CanonicalRequest, body: Uint8Array, service: Service): Uint8Array {
  try {
    return canonicalBody(request, body, service)
  } catch (error) {
    if (error instanceof MalformedJson) throw new Problem('malformed', 'body-malformed')
    throw error
  }
}

// SECURITY: two headers of one name, one of them the page's, are read differently by different servers.
function refuseTwice(outbound: Outbound, written: readonly string[]): void {
  for (const name of written) {
    const times = outbound.headers.filter(([other]) => other.toLowerCase() === name).length
    if (times !== 1) throw new Problem('internal', 'header-twice')
  }
}
