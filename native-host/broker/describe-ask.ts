import {
  type Approval,
  MAX_APPROVAL_FIELDS,
  MAX_APPROVAL_TEXT,
  MAX_APPROVAL_VALUE,
} from '../../shared/model/approval.ts'
import type { Service } from '../../shared/model/service.ts'
import { authFor } from '../policy/auth-for.ts'
import { readJson } from '../policy/json.ts'
import { contentTypeOf, isJsonContent } from '../policy/json-content.ts'
import type { JsonNode } from '../policy/json-node.ts'
import { MalformedJson } from '../policy/malformed-json.ts'
import type { CanonicalRequest } from '../policy/request.ts'

/** Most bytes of a form that are decoded to be shown: room for more fields than are shown. */
const FORM_BYTES = 64 * 1024
/** Longest key that is looked at, in characters: more than is shown of a whole path. */
const LONGEST_KEY = 1024

type Body = NonNullable<Approval['body']>
type Field = NonNullable<Body['fields']>[number]

/** What an approval says of the request itself: the effect in words, bounded, and no credential. */
export function describeAsk(
  request: CanonicalRequest,
  body: Uint8Array | null,
  service: Service,
): Pick<Approval, 'method' | 'url' | 'headers' | 'body'> {
  return {
    method: request.method,
    url: request.url,
    headers: request.headers.map(([name, value]) => [name, shortened(value, MAX_APPROVAL_VALUE)]),
    body: body === null ? null : describeBody(request, body, credentialPointer(request, service)),
  }
}

/** Where the credential goes into the body: what the page has put there is not sent. Null where it goes elsewhere. */
function credentialPointer(request: CanonicalRequest, service: Service): string | null {
  const auth = authFor(request, service)
  return auth?.kind === 'json-field' ? auth.pointer : null
}

function describeBody(request: CanonicalRequest, body: Uint8Array, hidden: string | null): Body {
  const contentType = contentTypeOf(request.headers)
  const about = { bytes: body.length, contentType }
  const read = fieldsOf(contentType, body, hidden)
  if (read === null) {
    const text = beginningOf(body)
    return { ...about, fields: null, text, truncated: text === null || Buffer.byteLength(text) < body.length }
  }
  const fields = read.slice(0, MAX_APPROVAL_FIELDS).map(({ path, value }) => ({
    path: shortened(path, MAX_APPROVAL_VALUE),
    value: shortened(value, MAX_APPROVAL_VALUE),
  }))
  const whole = read.every((each, at) => each.path === fields[at]?.path && each.value === fields[at]?.value)
  return { ...about, fields, text: null, truncated: !whole }
}

/** At most one field more than is shown, which says that some are left out. Null: the body has no fields to read. */
function fieldsOf(contentType: string | null, body: Uint8Array, hidden: string | null): Field[] | null {
  const all = isJsonContent(contentType) ? jsonFields(body) : formFields(contentType, body)
  if (all === null) return null
  const shown: Field[] = []
  // Not all of them at once: a body may have a million.
  for (const field of all) {
    if (field.path !== hidden) shown.push(field)
    if (shown.length > MAX_APPROVAL_FIELDS) break
  }
  return shown
}

function jsonFields(body: Uint8Array): Iterable<Field> | null {
  try {
    return scalarsOf(readJson(body), '')
  } catch (error) {
    if (error instanceof MalformedJson) return null
    throw error
  }
}

function formFields(contentType: string | null, body: Uint8Array): Iterable<Field> | null {
  const essence = (contentType ?? '').split(';')[0]?.trim().toLowerCase()
  if (essence !== 'application/x-www-form-urlencoded' || body.length > FORM_BYTES) return null
  const pairs = [...new URLSearchParams(Buffer.from(body).toString('utf8'))]
  return pairs.map(([path, value]) => ({ path, value }))
}

/** Every value by its pointer (RFC 6901), in the order of the text; of an empty object or array, that it is empty. */
function* scalarsOf(node: JsonNode, path: string): Generator<Field> {
  if (node.kind === 'object' && node.members.length > 0) {
    for (const { key, valueNode } of node.members)
      yield* scalarsOf(valueNode, `${path}/${escaped(shortened(key, LONGEST_KEY))}`)
  } else if (node.kind === 'array' && node.items.length > 0) {
    for (const [at, item] of node.items.entries()) yield* scalarsOf(item, `${path}/${at}`)
  } else yield { path, value: textOf(node) }
}

function textOf(node: JsonNode): string {
  switch (node.kind) {
    case 'string':
      return node.value
    case 'number':
      return node.text
    case 'boolean':
      return String(node.value)
    case 'null':
      return 'null'
    default:
      return node.kind === 'object' ? '{}' : '[]'
  }
}

function escaped(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1')
}

/** Cut between two characters, so that half a pair of surrogates is never left. */
function shortened(text: string, most: number): string {
  return text.length <= most ? text : text.slice(0, most).toWellFormed()
}

/** The beginning of a body as text; null where it is no UTF-8. */
function beginningOf(body: Uint8Array): string | null {
  try {
    // `stream`: a character that is cut at the end is left out and no fault. Four bytes are the most one takes.
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
    return shortened(
      decoder.decode(body.subarray(0, MAX_APPROVAL_TEXT * 4), { stream: true }),
      MAX_APPROVAL_TEXT,
    )
  } catch {
    return null
  }
}
