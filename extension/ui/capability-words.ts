import type { BodyRule, Capability } from '../../shared/model/capability.ts'
import type { Preset, PresetCapability } from '../../shared/model/preset.ts'
import { presetById } from '../../shared/presets/catalogue.ts'
import { capabilityFromPreset } from '../../shared/presets/preset-to-service.ts'
import type { ServiceSummary } from '../../shared/protocol/commands.ts'
import { conditionWords } from './condition-words.ts'
import { t } from './strings.ts'

/** One thing a site could do with a capability that the owner should know before giving it. */
export type Risk = 'read' | 'spend' | 'write' | 'local' | 'no-models' | 'ask'

/** A capability as the owner is asked about it. */
export interface CapabilityWords {
  /** `OpenAI: Chat and responses`. */
  title: string
  /** A sentence, or the rules themselves where no preset describes them. */
  text: string
  risks: Risk[]
}

/** Methods that only read, by RFC 9110 section 9.2.1. */
const READING = ['GET', 'HEAD', 'OPTIONS']

/**
 * Say what a capability gives away. A preset's own words are used only where its rules are still the preset's: rules
 * the owner wrote are shown as they are, and anything that is not plainly reading counts as writing and spending.
 */
export function capabilityWords(
  capability: Capability,
  service: ServiceSummary | undefined,
): CapabilityWords {
  const offered = service === undefined ? null : offeredAs(capability, service)
  const granted = capability.rules.filter((rule) => rule.effect !== 'deny')
  const allowed = granted.map((rule) => rule.pattern)
  const shown = granted.map(({ effect, pattern }) => (effect === 'ask' ? t('ruleAsks', pattern) : pattern))
  const risks: Risk[] = offered === null ? risksOf(allowed) : [offered.risk]
  if (service?.local) risks.push('local')
  if (capability.rules.some((rule) => rule.effect === 'ask')) risks.push('ask')
  if (capability.models?.length === 0) risks.push('no-models')
  const rules = offered?.description ?? (shown.length === 0 ? t('allowsNothing') : shown.join('\n'))
  return {
    title: t('serviceAndCapability', service?.label ?? capability.service, capability.label),
    text: [rules, ...conditionWords(ownConditions(capability, offered))].join('\n'),
    risks,
  }
}

function risksOf(allowed: readonly string[]): Risk[] {
  const reads = allowed.every((pattern) => {
    const [methods = '*'] = pattern.split(' ')
    return methods.split(',').every((method) => READING.includes(method))
  })
  return reads ? ['read'] : ['spend', 'write']
}

/** The conditions on bodies that the preset's description does not speak for. */
function ownConditions(capability: Capability, offered: PresetCapability | null): BodyRule[] {
  const known = new Set(offered?.body?.map((rule) => JSON.stringify(rule)))
  return capability.body.filter((rule) => !known.has(JSON.stringify(rule)))
}

/** The preset's capability with exactly these rules, or null. */
function offeredAs(capability: Capability, service: ServiceSummary): PresetCapability | null {
  const preset = service.preset === null ? null : presetById(service.preset)
  if (preset === null) return null
  return preset.capabilities.find((offered) => sameRules(preset, offered, capability, service)) ?? null
}

function sameRules(
  preset: Preset,
  offered: PresetCapability,
  capability: Capability,
  service: ServiceSummary,
) {
  const made = capabilityFromPreset(preset, offered.id, { id: capability.id, service })
  return JSON.stringify(made.rules) === JSON.stringify(capability.rules)
}
