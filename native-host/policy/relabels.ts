import { isFormLike, isMultipartLike } from './form-content.ts'
import { contentTypeOf } from './json-content.ts'
import { hasMethodPart, replacesMethod } from './method-names.ts'
import type { CanonicalRequest } from './request.ts'

/**
 * True for a form, urlencoded or multipart, with a field that some servers (Rails, Laravel, Symfony) take for the method, which would
 * turn an allowed POST into a DELETE. Read leniently, because what matters is what any server could see in it.
 *
 * @param body held whole; null: none, or it is no form.
 */
export function relabels(request: Pick<CanonicalRequest, 'headers'>, body: Uint8Array | null): boolean {
  const contentType = contentTypeOf(request.headers)
  if (body === null) return false
  if (isMultipartLike(contentType)) return hasMethodPart(body)
  if (!isFormLike(contentType)) return false
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1')
  return text.split(/[&;]/).some((pair) => [...new URLSearchParams(pair).keys()].some(replacesMethod))
}
