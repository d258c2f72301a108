import type { Outbound } from '../../native-host/auth/outbound.ts'
import { Secret } from '../../native-host/vault/secret.ts'
import type { Auth, Service } from '../../shared/model/service.ts'
import { exampleService } from '../support/examples.ts'

export const KEY = 'sk-live-Zq83hTs7-Qm2'
export const PLACEHOLDER = 'sk-placeholder-valetkey'

/** Below an origin alone, at the time of AWS's own examples. */
export const OCCASION = { now: Date.UTC(2015, 7, 30, 12, 36), basePath: '' }

export function secretsOf(byName: Record<string, string>): Map<string, Secret> {
  return new Map(Object.entries(byName).map(([name, text]) => [name, new Secret(Buffer.from(text))]))
}

export function outboundOf(over: Partial<Outbound> = {}): Outbound {
  const headers: [string, string][] = [['accept', '*/*']]
  return {
    method: 'GET',
    url: 'https://api.example.com/v1/x?q=a%20b',
    headers,
    body: null,
    bodyLength: null,
    ...over,
  }
}

/** The example's service with one scheme for all of it. */
export function serviceWith(auth: Auth, over: Partial<Service> = {}): Service {
  return exampleService({ auth: [{ paths: ['/**'], auth }], placeholder: PLACEHOLDER, ...over })
}
