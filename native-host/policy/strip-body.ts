import type { Service } from '../../shared/model/service.ts'
import { readJson, spliceMember } from './json.ts'

/**
 * A JSON body without the members that the service says may hold a placeholder; every other byte stays, and with nothing
 * to strip it is `body` itself.
 *
 * @throws MalformedJson for a body that `readJson` refuses.
 */
export function stripBody(body: Uint8Array, service: Service): Uint8Array {
  let stripped = body
  for (const pointer of service.strip.jsonFields) {
    stripped = spliceMember(stripped, readJson(stripped), pointer, null)
  }
  return stripped
}
