import type { Service } from '../../shared/model/service.ts'
import { contentTypeOf, isJsonContent } from './json-content.ts'
import type { CanonicalRequest } from './request.ts'
import { stripBody } from './strip-body.ts'
import { stripPlaceholders } from './strip-placeholders.ts'

/**
 * A body that is held whole as it is decided and as it is sent, the credential aside: a JSON body without the
 * placeholders of the page, any other as it came. Made canonical again it is equal to itself.
 *
 * @throws MalformedJson where a JSON body that has to be read cannot be.
 */
export function canonicalBody(request: CanonicalRequest, body: Uint8Array, service: Service): Uint8Array {
  if (body.length === 0 || !isJsonContent(contentTypeOf(request.headers))) return body
  return stripPlaceholders(stripBody(body, service), service)
}
