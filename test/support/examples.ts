import type { Capability, CapabilityLimits } from '../../shared/model/capability.ts'
import type { Service } from '../../shared/model/service.ts'

/** An hour's session and no other limit. */
export const FREE_LIMITS: CapabilityLimits = {
  ttl: 3600,
  idle: null,
  ratePerMinute: null,
  maxRequests: null,
  concurrent: null,
  concurrentInAll: null,
  maxBytes: null,
  maxBytesUp: null,
  maxTokens: null,
  maxTokensPerCall: null,
  maxCost: null,
  prices: null,
  period: 'day',
}

/** A service at `https://api.example.com/v1` with a bearer `token` and nothing else, or with other members. */
export function exampleService(members: Partial<Service> = {}): Service {
  return {
    id: 'example',
    label: 'Example',
    preset: null,
    baseUrls: ['https://api.example.com/v1'],
    local: null,
    ca: null,
    auth: [{ paths: ['/**'], auth: { kind: 'bearer', secret: 'token' } }],
    strip: { headers: [], query: [], jsonFields: [] },
    requiredHeaders: {},
    allowHeaders: [],
    denyAlways: [],
    credentialMinting: [],
    placeholder: 'sk-placeholder-000000',
    ...members,
  }
}

/** A capability from rules such as `allow GET /v1/**`, with other members; limits beside those of {@link FREE_LIMITS}. */
export function exampleCapability(
  rules: readonly string[],
  members: Partial<Omit<Capability, 'limits'>> & { limits?: Partial<CapabilityLimits> } = {},
): Capability {
  return {
    id: 'example-read',
    service: 'example',
    label: 'Example',
    rules: rules.map((rule) => {
      const space = rule.indexOf(' ')
      return { effect: rule.slice(0, space) as 'allow' | 'ask' | 'deny', pattern: rule.slice(space + 1) }
    }),
    body: [],
    models: null,
    ...members,
    limits: { ...FREE_LIMITS, ...members.limits },
  }
}
