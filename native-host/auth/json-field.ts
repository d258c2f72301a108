import type { Auth } from '../../shared/model/service.ts'
import { readJson, spliceMember } from '../policy/json.ts'
import { contentTypeOf, isJsonContent } from '../policy/json-content.ts'
import { MalformedJson } from '../policy/malformed-json.ts'
import { Problem } from '../problem.ts'
import type { Outbound } from './outbound.ts'
import type { Scheme } from './scheme.ts'
import { secretText } from './secret-text.ts'

type JsonFieldAuth = Extract<Auth, { kind: 'json-field' }>

/** A member of the JSON body, such as `{"key": "…"}`; every byte around it stays as it was. */
export const jsonField: Scheme<JsonFieldAuth> = {
  kind: 'json-field',
  secretNames: (auth) => [auth.secret],
  fault: () => null,
  apply(outbound, auth, secrets) {
    const secret = Buffer.from(JSON.stringify(secretText(secrets, auth.secret, jsonField.fault)), 'utf8')
    const whole = wholeBody(outbound)
    const body = withMember(whole ?? Buffer.from('{}'), auth.pointer, secret)
    const headers =
      whole === null
        ? withoutContentType(outbound).concat([['content-type', 'application/json']])
        : outbound.headers
    return { outbound: { ...outbound, headers, body, bodyLength: body.length }, derived: [] }
  },
}

/** The body held whole; null where there is none. */
function wholeBody(outbound: Outbound): Uint8Array | null {
  if (outbound.method === 'GET' || outbound.method === 'HEAD')
    throw new Problem('malformed', 'method-without-body')
  if (outbound.body === null) return null
  if (!(outbound.body instanceof Uint8Array)) throw new Problem('internal', 'body-not-held')
  if (outbound.body.length === 0) return null
  if (!isJsonContent(contentTypeOf(outbound.headers))) throw new Problem('malformed', 'body-not-json')
  return outbound.body
}

function withMember(body: Uint8Array, pointer: string, secret: Uint8Array): Uint8Array {
  try {
    return spliceMember(body, readJson(body), pointer, secret)
  } catch (error) {
    if (error instanceof MalformedJson) throw new Problem('malformed', 'body-malformed')
    throw error
  }
}

function withoutContentType(outbound: Outbound): (readonly [string, string])[] {
  return outbound.headers.filter(([name]) => name !== 'content-type')
}
