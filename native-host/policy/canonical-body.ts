import type { Service } from '../../shared/model/service.ts'
import { authFor } from './auth-for.ts'
import { placesOf } from './auth-places.ts'
import { isFormLike, isMultipartLike } from './form-content.ts'
import { contentTypeOf, isJsonContent } from './json-content.ts'
import type { CanonicalRequest } from './request.ts'
import { stripBody } from './strip-body.ts'
import { stripForm } from './strip-form.ts'
import { stripPlaceholders } from './strip-placeholders.ts'

/**
 * A body that is held whole as it is decided and as it is sent, the credential aside: JSON and forms without the
 * placeholders of the page, any other as it came. Made canonical again it is equal to itself.
 *
 * @throws MalformedJson, MalformedForm where a body that has to be read cannot be.
 */
export function canonicalBody(request: CanonicalRequest, body: Uint8Array, service: Service): Uint8Array {
  const contentType = contentTypeOf(request.headers)
  if (body.length === 0) return body
  if (isJsonContent(contentType)) return stripPlaceholders(stripBody(body, service), service)
  if (!isFormLike(contentType) && !isMultipartLike(contentType)) return body
  return stripForm(body, contentType, fieldNames(request, service), service.placeholder)
}

/** Names of the fields of a form a credential may be in. */
function fieldNames(request: CanonicalRequest, service: Service): string[] {
  const auth = authFor(request, service)
  return [...(service.strip.formFields ?? []), ...(auth === null ? [] : placesOf(auth).formFields)]
}
