import { createHash, createHmac } from 'node:crypto'
import type { Auth } from '../../shared/model/service.ts'
import { templateFields, templateFlaw, templatePieces } from '../policy/hmac-template.ts'
import { Problem } from '../problem.ts'
import { appendedQuery } from './appended-query.ts'
import { headerFault } from './header-value.ts'
import type { Outbound } from './outbound.ts'
import type { Scheme, Secrets } from './scheme.ts'
import { secretText } from './secret-text.ts'

type HmacAuth = Extract<Auth, { kind: 'hmac' }>

/** What fields of templates stand for in one call. */
type Values = ReadonlyMap<string, string | Uint8Array>

/**
 * A signature over what the service wants signed (RFC 2104), in headers and parameters. Parameters that do not hold the
 * signature are in the query that is signed, as exchanges want their time; those that do come last.
 */
export const hmac: Scheme<HmacAuth> = {
  kind: 'hmac',
  secretNames: (auth) => (sendsPassphrase(auth) ? [auth.secret, auth.passphrase] : [auth.secret]),
  fault: (text, auth, name) => {
    if (auth === undefined) return null
    return name === auth.passphrase ? headerFault(text) : encodingFault(auth, text)
  },
  flaw(auth) {
    const names = [...auth.headers, ...auth.query].map(({ name }) => name.toLowerCase())
    const twice = names.find((name, at) => names.indexOf(name) !== at)
    if (twice !== undefined) return `\`${twice}\` is there twice`
    const odd = auth.headers.find(({ value }) => headerFault(value) !== null)
    if (odd !== undefined) return `the header \`${odd.name}\` could not be sent: look at its format`
    if (headerFault(auth.keyId || 'x') !== null) return 'the key id holds characters that cannot be sent'
    return templateFlaw(auth)
  },
  apply(outbound, auth, secrets, { now }) {
    const key = keyOf(auth, secrets)
    const passphrase = sendsPassphrase(auth) ? secretText(secrets, auth.passphrase, headerFault) : ''
    const known = [
      ['timestamp', timeOf(auth, now)],
      ['key-id', auth.keyId],
      ['passphrase', passphrase],
    ] as const
    const isLast = ({ value }: { readonly value: string }) => templateFields(value).includes('signature')
    const timed = withParameters(
      outbound,
      auth.query.filter((each) => !isLast(each)),
      new Map(known),
    )
    const message = filled(auth.message, new Map([...known, ...valuesOf(timed)]))
    const signature = createHmac(auth.algorithm, key).update(message).digest()
    const values: Values = new Map([...known, ['signature', signature.toString(auth.encoding)]])
    const sent = withParameters(timed, auth.query.filter(isLast), values)
    const headers = auth.headers.map(({ name, value }) => [name, textOf(filled(value, values))] as const)
    return {
      outbound: { ...sent, headers: [...sent.headers, ...headers] },
      // The bytes: they are looked for in hex and in base64 as well.
      derived: [signature, key].map((bytes) => ({ bytes, pieces: false })),
    }
  },
}

function sendsPassphrase(auth: HmacAuth): boolean {
  return [...auth.headers, ...auth.query].some(({ value }) => templateFields(value).includes('passphrase'))
}

function encodingFault({ secretEncoding }: HmacAuth, text: string): string | null {
  if (secretEncoding === 'base64')
    return text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text)
      ? null
      : 'is not base64, as the scheme says it is'
  if (secretEncoding === 'hex')
    return text.length % 2 === 0 && /^[0-9A-Fa-f]+$/.test(text)
      ? null
      : 'is not hex, as the scheme says it is'
  return null
}

function keyOf(auth: HmacAuth, secrets: Secrets): Buffer {
  const text = secretText(secrets, auth.secret, (each) => encodingFault(auth, each))
  return Buffer.from(text, auth.secretEncoding === 'text' ? 'utf8' : auth.secretEncoding)
}

function timeOf({ timestamp }: HmacAuth, now: number): string {
  if (timestamp === 'iso') return new Date(now).toISOString()
  return String(timestamp === 's' ? Math.floor(now / 1000) : now)
}

function withParameters(outbound: Outbound, parameters: HmacAuth['query'], values: Values): Outbound {
  const url = parameters.reduce(
    (before, { name, value }) => appendedQuery(before, name, textOf(filled(value, values))),
    outbound.url,
  )
  return { ...outbound, url }
}

/** What of the request a message may speak of, as it is sent. */
function valuesOf({ method, url, body }: Outbound): [string, string | Uint8Array][] {
  const { host, origin } = new URL(url)
  const target = url.slice(origin.length)
  const mark = target.indexOf('?')
  const query = mark === -1 ? '' : target.slice(mark + 1)
  const held = body instanceof Uint8Array ? body : body === null ? Buffer.alloc(0) : null
  return [
    ['method', method],
    ['path', mark === -1 ? target : target.slice(0, mark)],
    ['query', query],
    ['?query', query === '' ? '' : `?${query}`],
    ['query-decoded', decoded(query)],
    ['host', host],
    ['newline', '\n'],
    ...(held === null
      ? []
      : ([
          ['body', held],
          ['body-sha256', createHash('sha256').update(held).digest('hex')],
          ['body-sha512', createHash('sha512').update(held).digest('hex')],
        ] as [string, string | Uint8Array][])),
  ]
}

/** The query without its escapes, as some services sign it. What has none that can be read is signed as it is sent. */
function decoded(query: string): string {
  try {
    return decodeURIComponent(query.replaceAll('+', ' '))
  } catch {
    return query
  }
}

/** @throws Problem `internal` (`body-not-held`, `template-unknown`): nothing is signed that says less than it should. */
function filled(template: string, values: Values): Buffer {
  return Buffer.concat(
    templatePieces(template).map((piece) => {
      const value = 'text' in piece ? piece.text : values.get(piece.field)
      if (value !== undefined) return Buffer.from(value as string)
      const isBody = 'field' in piece && piece.field.startsWith('body')
      throw new Problem('internal', isBody ? 'body-not-held' : 'template-unknown')
    }),
  )
}

function textOf(bytes: Buffer): string {
  return bytes.toString('utf8')
}
