import type { Auth, Service } from '../../shared/model/service.ts'
import type { Needle } from '../auth/needle.ts'
import type { Outbound } from '../auth/outbound.ts'
import type { Secrets } from '../auth/scheme.ts'
import { schemeOf } from '../auth/schemes.ts'
import { type Places, placesOf } from '../policy/auth-places.ts'
import { canonicalBody } from '../policy/canonical-body.ts'
import { MalformedForm } from '../policy/malformed-form.ts'
import { MalformedJson } from '../policy/malformed-json.ts'
import { basePathOf } from '../policy/path-secret.ts'
import type { CanonicalRequest } from '../policy/request.ts'
import { Problem } from '../problem.ts'
import type { Secret } from '../vault/secret.ts'

/** A request as it leaves, and every byte sequence that must not come back with its response. */
export interface Injected {
  readonly outbound: Outbound
  readonly needles: readonly Needle[]
}

/**
 * The request as it leaves: what was decided, without any placeholder in a body that is held whole, and with the
 * credential, added last. (Placeholders in headers and query went when the request was made canonical.) Looked for in the response is
 * every secret of the service, also those of its other paths, and what the scheme made of them for this very call.
 *
 * @param bodyLength bytes of a streamed body where known; of a held one its own length counts.
 * @param now milliseconds since the epoch, for what is signed with its time.
 * @param former values that were secrets of the service until a while ago.
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
  now = Date.now(),
  former: readonly Secret[] = [],
): Injected {
  const stripped = body instanceof Uint8Array ? strippedBody(request, body, service) : body
  const outbound: Outbound = {
    method: request.method,
    url: request.url,
    headers: request.headers,
    body: stripped,
    bodyLength: stripped instanceof Uint8Array ? stripped.length : bodyLength,
  }
  const scheme = schemeOf(auth)
  const occasion = { now, basePath: basePathOf(request, service) }
  const { outbound: injected, derived } = scheme.apply(outbound, auth, secrets, occasion)
  refuseTwice(injected, placesOf(auth))
  const replaced = former.map((secret) => ({ bytes: secret.reveal(), pieces: true }))
  const needles = [...stored(service, secrets), ...replaced, ...derived]
  return { outbound: Object.freeze(injected), needles }
}

/** All but what no scheme of the service ever sends: no answer can hold it, and keys that sign are long to look for. */
function stored({ auth }: Service, secrets: Secrets): Needle[] {
  const kept = new Set(auth.flatMap(({ auth: each }) => schemeOf(each).keptHere?.(each) ?? []))
  const sent = auth.flatMap(({ auth: each }) => namesSent(each))
  for (const name of sent) kept.delete(name)
  return [...secrets].flatMap(([name, secret]) =>
    kept.has(name) ? [] : [{ bytes: secret.reveal(), pieces: true }],
  )
}

function namesSent(auth: Auth): string[] {
  const scheme = schemeOf(auth)
  const kept = scheme.keptHere?.(auth) ?? []
  return scheme.secretNames(auth).filter((name) => !kept.includes(name))
}

function strippedBody(request: CanonicalRequest, body: Uint8Array, service: Service): Uint8Array {
  try {
    return canonicalBody(request, body, service)
  } catch (error) {
    if (error instanceof MalformedJson || error instanceof MalformedForm)
      throw new Problem('malformed', 'body-malformed')
    throw error
  }
}

// SECURITY: two headers of one name, one of them the page's, are read differently by different servers.
function refuseTwice({ headers: sent }: Outbound, { headers, furtherHeaders }: Places): void {
  const times = (name: string) => sent.filter(([other]) => other.toLowerCase() === name).length
  const isOdd = headers.some((name) => times(name) !== 1) || furtherHeaders.some((name) => times(name) > 1)
  if (isOdd) throw new Problem('internal', 'header-twice')
}
