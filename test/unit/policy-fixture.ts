import { readFileSync } from 'node:fs'
import { explain } from '../../native-host/policy/explain.ts'
import type { Capability } from '../../shared/model/capability.ts'
import type { Service } from '../../shared/model/service.ts'

/** The service the policy suites speak of: `https://api.example.com/v1` with a bearer key, or with other members. */
export function exampleService(members: Partial<Service> = {}): Service {
  return {
    id: 'example',
    label: 'Example',
    preset: null,
    baseUrls: ['https://api.example.com/v1'],
    local: null,
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

/** A capability from rules such as `allow GET /v1/**`, with other members. */
export function exampleCapability(rules: readonly string[], members: Partial<Capability> = {}): Capability {
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
    limits: {
      ttl: 3600,
      idle: null,
      ratePerMinute: null,
      maxRequests: null,
      concurrent: null,
      maxBytes: null,
    },
    ...members,
  }
}

/** `METHOD URL` asked of rules, as `valetkey explain` would: `allow`, `ask` or `deny` and the reason. */
export function answer(call: string, rules: readonly string[], service = exampleService()): string {
  const space = call.indexOf(' ')
  const claimed = { method: call.slice(0, space), url: call.slice(space + 1), headers: [] }
  const { decision, reason } = explain(claimed, null, exampleCapability(rules), service)
  return `${decision} ${reason}`
}

/** UTF-8 bytes of a text. */
export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

/** The cases of a file in `test/vectors/`. */
export function vectorCases(name: string): unknown[][] {
  const file = new URL(`../vectors/${name}`, import.meta.url)
  const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: unknown[][] }
  return cases
}
