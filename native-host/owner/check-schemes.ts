import type { Service } from '../../shared/model/service.ts'
import { schemeOf } from '../auth/schemes.ts'
import { Refusal } from '../refusal.ts'

/**
 * Refuse, before it is saved, a service with a scheme that could not make a single call.
 *
 * @throws Refusal `invalid` with a sentence that says what is wrong.
 */
export function checkSchemes(service: Pick<Service, 'auth' | 'baseUrls'>): void {
  for (const { auth } of service.auth) {
    const flaw = schemeOf(auth).flaw?.(auth, service) ?? null
    if (flaw !== null) throw new Refusal('invalid', flaw)
  }
}
