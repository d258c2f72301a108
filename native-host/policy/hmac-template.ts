import type { Auth } from '../../shared/model/service.ts'

type HmacAuth = Extract<Auth, { kind: 'hmac' }>

/** What the message that is signed may be made of. */
const OF_MESSAGE = [
  'timestamp',
  'method',
  'path',
  'query',
  '?query',
  'query-decoded',
  'body',
  'body-sha256',
  'body-sha512',
  'host',
  'key-id',
  'newline',
] as const
/** What a header or a parameter may be made of. */
const OF_PLACE = ['signature', 'timestamp', 'key-id', 'passphrase'] as const

/** A piece of a template: text as it is, or a field by its name. */
export type TemplatePiece = { readonly text: string } | { readonly field: string }

/** A template taken apart at its `{field}`s. What looks like none is text. */
export function templatePieces(template: string): TemplatePiece[] {
  return template.split(/(\{[^{}]*\})/).flatMap((piece, at): TemplatePiece[] => {
    if (at % 2 === 1) return [{ field: piece.slice(1, -1) }]
    return piece === '' ? [] : [{ text: piece }]
  })
}

/** Names of the fields of a template, in order. */
export function templateFields(template: string): string[] {
  return templatePieces(template).flatMap((piece) => ('field' in piece ? [piece.field] : []))
}

/** True where the signature is over the body, so that it must be held whole. */
export function signsBody(auth: HmacAuth): boolean {
  return templateFields(auth.message).some((field) => field.startsWith('body'))
}

/** What makes the templates impossible to work with, as a sentence without its full stop; null: nothing. */
export function templateFlaw(auth: HmacAuth): string | null {
  const places = [...auth.headers, ...auth.query].flatMap(({ value }) => templateFields(value))
  const message = templateFields(auth.message)
  const unknown =
    message.find((field) => !(OF_MESSAGE as readonly string[]).includes(field)) ??
    places.find((field) => !(OF_PLACE as readonly string[]).includes(field))
  if (unknown !== undefined)
    return `there is no \`{${unknown}}\`: a message has \`{${OF_MESSAGE.join('}`, `{')}\`, a header or a parameter \`{${OF_PLACE.join('}`, `{')}\``
  if (message.length === 0)
    return 'the message says nothing of the call, so every signature would be the same'
  if (!places.includes('signature'))
    return 'the signature goes nowhere: say `signature-header=…` or `signature-param=…`'
  if (message.includes('timestamp') && !places.includes('timestamp'))
    return 'the service is not told the time that is signed: say `timestamp-header=…` or `timestamp-param=…`'
  if ([...message, ...places].includes('key-id') && auth.keyId === '') return 'there is no `key-id` to send'
  return null
}
