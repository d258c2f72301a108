import type { Capability } from '../../shared/model/capability.ts'
import type { Service } from '../../shared/model/service.ts'
import { authFor } from './auth-for.ts'
import { bodyDenial } from './body.ts'
import { ownsPlace } from './canonical.ts'
import type { Decision } from './decision.ts'
import { deniedFieldDenial } from './denied-fields.ts'
import { matchesWidely } from './matches-widely.ts'
import { isMethod } from './methods.ts'
import {
  InvalidPattern,
  matches,
  matchesApartFromQuery,
  type Pattern,
  parsePathPattern,
  parsePattern,
} from './pattern.ts'
import type { Reason } from './reason.ts'
import { relabels } from './relabels.ts'
import type { CanonicalRequest } from './request.ts'

/** The rules of one capability and its service, read. */
interface Rules {
  readonly always: readonly Pattern[]
  readonly minting: readonly Pattern[]
  readonly deny: readonly Pattern[]
  readonly ask: readonly Pattern[]
  readonly allow: readonly Pattern[]
}

/**
 * Decide one call. Deny beats ask beats allow, no match is a denial, and then every condition on the body must hold. What
 * denies or asks matches widely (`matches-widely.ts`), what allows exactly. Pure, and total: it never throws; what cannot
 * be evaluated is denied.
 *
 * @param request made by `canonicalise` for the same service.
 * @param body the whole body where `needsBody` says so; null: there is none.
 */
export function decide(
  request: CanonicalRequest,
  body: Uint8Array | null,
  capability: Capability,
  service: Service,
): Decision {
  try {
    return decideAll(request, body, capability, service)
  } catch {
    // SECURITY: whatever went wrong above, the call was not shown to be allowed.
    return deny('rule-malformed', null)
  }
}

function decideAll(
  request: CanonicalRequest,
  body: Uint8Array | null,
  capability: Capability,
  service: Service,
): Decision {
  if (capability.service !== service.id || !ownsPlace(service, request)) return deny('other-service', null)
  if (!isMethod(request.method)) return deny('method-unknown', null)
  const rules = readRules(capability, service)
  if ('effect' in rules) return rules
  const decision = serviceDenial(request, rules, capability) ?? decideByRules(request, rules)
  if (decision.effect === 'deny') return decision
  if (authFor(request, service) === null) return deny('no-auth', null)
  if (relabels(request, body)) return deny('body-relabels', null)
  const denial =
    deniedFieldDenial(request, body, capability, service) ?? bodyDenial(request, body, capability)
  return denial === null ? decision : deny(denial.reason, denial.rule)
}

/** All patterns, or the denial that one which cannot be read stands for. */
function readRules(capability: Capability, service: Service): Rules | Decision {
  const ofEffect = (effect: string) => capability.rules.filter((rule) => rule.effect === effect)
  const parse = (effect: string) => ofEffect(effect).map((rule) => parsePattern(rule.pattern))
  try {
    return {
      always: service.denyAlways.map(parsePathPattern),
      minting: service.credentialMinting.map(parsePathPattern),
      deny: parse('deny'),
      ask: parse('ask'),
      allow: parse('allow'),
    }
  } catch (error) {
    if (error instanceof InvalidPattern) return deny('rule-malformed', error.pattern)
    throw error
  }
}

/** What the service itself denies, whatever the capability allows; null for nothing. */
function serviceDenial(request: CanonicalRequest, rules: Rules, capability: Capability): Decision | null {
  const always = rules.always.find((pattern) => isCovered(request, pattern))
  if (always !== undefined) return deny('always-denied', always.text)
  const named = (text: string) =>
    capability.rules.some((rule) => rule.effect !== 'deny' && rule.pattern === text)
  const minting = rules.minting.find((pattern) => isCovered(request, pattern) && !named(pattern.text))
  return minting === undefined ? null : deny('credential-minting', minting.text)
}

function decideByRules(request: CanonicalRequest, { deny: denied, ask, allow }: Rules): Decision {
  const denying = denied.find((pattern) => isCovered(request, pattern))
  if (denying !== undefined) return deny('rule-deny', denying.text)
  const allowing = allow.find((pattern) => isMatched(request, pattern))
  // An ask rule lets through like an allow rule, so alone it must match exactly; a wide match only takes an allow away.
  const asking = ask.find((pattern) =>
    allowing === undefined ? isMatched(request, pattern) : isCovered(request, pattern),
  )
  if (asking !== undefined) return { effect: 'ask', reason: 'rule-ask', rule: asking.text }
  if (allowing !== undefined) return { effect: 'allow', reason: 'rule-allow', rule: allowing.text }
  return missed(request, [...allow, ...ask])
}

/** The denial for a call that no rule speaks for; says so when only its query was in the way. */
function missed(request: CanonicalRequest, rules: readonly Pattern[]): Decision {
  const near = rules.find((pattern) => matchesApartFromQuery(pattern, request.method, request.path))
  return near === undefined ? deny('no-rule', null) : deny('query-not-listed', near.text)
}

function isMatched({ method, path, query }: CanonicalRequest, pattern: Pattern): boolean {
  return matches(pattern, method, path, query)
}

function isCovered({ method, path, query }: CanonicalRequest, pattern: Pattern): boolean {
  return matchesWidely(pattern, method, path, query)
}

function deny(reason: Reason, rule: string | null): Decision {
  return { effect: 'deny', reason, rule }
}
