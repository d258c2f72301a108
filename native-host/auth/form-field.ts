import { randomBytes } from 'node:crypto'
import type { Auth } from '../../shared/model/service.ts'
import { boundaryOf, isFormContent } from '../policy/form-content.ts'
import { contentTypeOf } from '../policy/json-content.ts'
import { MalformedForm } from '../policy/malformed-form.ts'
import { joinedParts, partsOf } from '../policy/read-multipart.ts'
import { Problem } from '../problem.ts'
import type { Outbound } from './outbound.ts'
import { percentEncoded } from './percent-encoded.ts'
import type { Scheme } from './scheme.ts'
import { secretText } from './secret-text.ts'

type FormFieldAuth = Extract<Auth, { kind: 'form-field' }>

const URLENCODED = 'application/x-www-form-urlencoded'

/**
 * A field of the form in the body, urlencoded or multipart, after all others; a call without a body gets an urlencoded one.
 * The page's own field of that name went when the body was made canonical.
 */
export const formField: Scheme<FormFieldAuth> = {
  kind: 'form-field',
  secretNames: (auth) => [auth.secret],
  fault: () => null,
  // Whatever else a name may hold, parsers unescape, split or fold in ways of their own.
  flaw: (auth) =>
    /^[A-Za-z0-9_.[\]-]+$/.test(auth.field)
      ? null
      : `the field \`${auth.field}\` must be of letters, digits and \`_.-[]\``,
  apply(outbound, auth, secrets) {
    const secret = secretText(secrets, auth.secret, formField.fault)
    const { contentType, body } = written(outbound, auth.field, secret)
    const headers = outbound.headers.filter(([name]) => name !== 'content-type')
    return {
      outbound: {
        ...outbound,
        headers: [...headers, ['content-type', contentType]],
        body,
        bodyLength: body.length,
      },
      derived: [],
    }
  },
}

function written(
  outbound: Outbound,
  field: string,
  secret: string,
): { contentType: string; body: Uint8Array } {
  if (outbound.method === 'GET' || outbound.method === 'HEAD')
    throw new Problem('malformed', 'method-without-body')
  const { body } = outbound
  if (body !== null && !(body instanceof Uint8Array)) throw new Problem('internal', 'body-not-held')
  const pair = `${percentEncoded(field)}=${percentEncoded(secret)}`
  if (body === null || body.length === 0) return { contentType: URLENCODED, body: Buffer.from(pair) }
  const contentType = contentTypeOf(outbound.headers)
  if (contentType !== null && isFormContent(contentType)) {
    const glue = body.at(-1) === 0x26 ? '' : '&'
    return { contentType, body: Buffer.concat([body, Buffer.from(glue + pair)]) }
  }
  const boundary = boundaryOf(contentType)
  if (boundary === null) throw new Problem('malformed', 'body-not-form')
  return multipart(partsOrProblem(body, boundary), field, secret)
}

function multipart(parts: readonly Uint8Array[], field: string, secret: string) {
  // SECURITY: a boundary of our own: the page's might stand in the secret, and whether it does would tell of it.
  const boundary = `valetkey-${randomBytes(18).toString('hex')}`
  const own = Buffer.from(`Content-Disposition: form-data; name="${field}"\r\n\r\n${secret}`)
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    body: joinedParts([...parts, own], boundary),
  }
}

function partsOrProblem(body: Uint8Array, boundary: string): Uint8Array[] {
  try {
    return partsOf(body, boundary)
  } catch (error) {
    if (error instanceof MalformedForm) throw new Problem('malformed', 'body-malformed')
    throw error
  }
}
