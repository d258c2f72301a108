import type { Auth, Service } from '../../shared/model/service.ts'
import { matches, parsePathPattern } from './pattern.ts'

/**
 * The scheme of the first entry with a pattern that matches exactly; null where none does. A pattern without methods
 * (`/api/v6/**`) is for any method.
 *
 * @throws InvalidPattern for a service that did not pass `checkService`.
 */
export function authFor(request: { method: string; path: string }, service: Service): Auth | null {
  for (const { paths, auth } of service.auth) {
    if (paths.some((text) => matches(parsePathPattern(text), request.method, request.path, []))) return auth
  }
  return null
}
