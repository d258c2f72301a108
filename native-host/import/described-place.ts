import { say } from '../../shared/model/said.ts'
import type { Service } from '../../shared/model/service.ts'
import { Refusal } from '../refusal.ts'

/**
 * Refuse a document that is called like a service which is there and does not say that it lives there.
 *
 * @throws Refusal `invalid`.
 */
export function checkLivesAt(service: Service, described: string | null): void {
  const { id } = service
  // SECURITY: a document says itself what it is called; by that alone it must not be taken for a service of the owner's.
  if (livesAt(service, described)) return
  throw new Refusal(
    'invalid',
    say`the document is called like service \`${id}\` and does not say that it lives there: \`--service ${id}\` if it does, else \`--service\` with an id of its own`,
  )
}

/** True where a document says that its API lives at an origin of the service's. */
export function livesAt({ baseUrls }: Service, described: string | null): boolean {
  const origin = URL.parse(described ?? '')?.origin
  return origin !== undefined && baseUrls.some((url) => URL.parse(url)?.origin === origin)
}

/** Of a service that is there, the base URL the document means: the one of the same origin, else its first. */
export function baseUrlFor({ baseUrls }: Service, described: string | null): string | null {
  const origin = URL.parse(described ?? '')?.origin
  const own = baseUrls.find((url) => URL.parse(url)?.origin === origin) ?? baseUrls[0] ?? null
  return own !== null && described?.startsWith(own) ? described : own
}
