import type { Field } from './field.ts'
import { boundaryOf, isFormContent } from './form-content.ts'
import { readJson } from './json.ts'
import { isJsonContent } from './json-content.ts'
import type { JsonNode } from './json-node.ts'
import { MalformedForm } from './malformed-form.ts'
import { MalformedJson } from './malformed-json.ts'
import { readForm } from './read-form.ts'
import { readMultipart } from './read-multipart.ts'

/** A body, read: the top-level object of JSON, or the fields of a form. */
export type ReadBody =
  | { readonly json: Extract<JsonNode, { kind: 'object' }> }
  | { readonly fields: readonly Field[] }

/** A body by its content type. Null: it is of another type, or cannot be read in one way only; never throws for its bytes. */
export function readBody(contentType: string | null, body: Uint8Array): ReadBody | null {
  try {
    if (isJsonContent(contentType)) {
      const json = readJson(body)
      return json.kind === 'object' ? { json } : null
    }
    if (isFormContent(contentType)) return { fields: readForm(body) }
    const boundary = boundaryOf(contentType)
    return boundary === null ? null : { fields: readMultipart(body, boundary) }
  } catch (error) {
    if (error instanceof MalformedJson || error instanceof MalformedForm) return null
    throw error
  }
}
