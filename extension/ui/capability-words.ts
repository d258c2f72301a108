import type { BodyRule, Capability } from '../../shared/model/capability.ts'
import type { Preset, PresetCapability } from '../../shared/model/preset.ts'
import { isReading } from '../../shared/model/reading.ts'
import { capabilityValues, fillValues } from '../../shared/presets/fill-values.ts'
import { readValues } from '../../shared/presets/read-values.ts'
import type { ServiceSummary } from '../../shared/protocol/service-commands.ts'
import type { Catalogue } from './catalogue.ts'
import { conditionWords } from './condition-words.ts'
import { t } from './strings.ts'
import { labelText } from './translations.ts'

/** One thing a site could do with a capability that the owner should know before giving it. */
export type Risk = 'read' | 'spend' | 'write' | 'local' | 'no-models' | 'ask'

/** A capability as the owner is asked about it. */
export interface CapabilityWords {
  /** `OpenAI: Chat and responses`. */
  title: string
  /** A sentence, or the rules themselves where no preset describes them. */
  text: string
  risks: Risk[]
  /** What can go wrong with its service, by the catalogue, whatever the rules are. */
  hazards: readonly string[]
}

/**
 * Say what a capability gives away. A preset's own words are used only where its rules are still the preset's: rules
 * the owner wrote are shown as they are, and anything that is not plainly reading counts as writing and spending.
 *
 * @param presets the catalogue; null while it is not there, as if the owner had written all rules.
 */
export function capabilityWords(
  capability: Capability,
  service: ServiceSummary | undefined,
  presets: Catalogue | null,
): CapabilityWords {
  const preset = presets?.find(({ id }) => id === service?.preset)
  const made = service === undefined || preset === undefined ? null : madeOf(capability, service, preset)
  const offered = made?.offered ?? null
  const granted = capability.rules.filter((rule) => rule.effect !== 'deny')
  const allowed = granted.map((rule) => rule.pattern)
  const shown = granted.map(({ effect, pattern }) => (effect === 'ask' ? t('ruleAsks', pattern) : pattern))
  const risks: Risk[] = offered === null ? risksOf(allowed) : [offered.risk]
  if (service?.local) risks.push('local')
  if (capability.rules.some((rule) => rule.effect === 'ask')) risks.push('ask')
  if (capability.models?.length === 0) risks.push('no-models')
  const rules = offered?.description ?? (shown.length === 0 ? t('allowsNothing') : shown.join('\n'))
  return {
    title: t(
      'serviceAndCapability',
      labelText(service?.label ?? capability.service),
      labelText(capability.label),
    ),
    text: [rules, ...(made?.values ?? []), ...conditionWords(ownConditions(capability, offered))].join('\n'),
    risks,
    hazards: preset?.hazards ?? [],
  }
}

/**
 * True where the catalogue knows that a capability changes what its owner has at the service, or makes keys. Spending alone is no
 * change: chats are what such a capability is for. Of rules that the owner wrote nobody knows.
 */
export function changesThings(
  capability: Capability,
  service: ServiceSummary | undefined,
  presets: Catalogue | null,
): boolean {
  const preset = presets?.find(({ id }) => id === service?.preset)
  if (service === undefined || preset === undefined) return false
  const minting = (pattern: string) => preset.credentialMinting.includes(pattern)
  if (capability.rules.some(({ effect, pattern }) => effect !== 'deny' && minting(pattern))) return true
  return madeOf(capability, service, preset)?.offered.risk === 'write'
}

function risksOf(allowed: readonly string[]): Risk[] {
  const reads = allowed.every((pattern) => {
    const [methods = '*'] = pattern.split(' ')
    return methods.split(',').every((method) => isReading(method))
  })
  return reads ? ['read'] : ['spend', 'write']
}

/** The conditions on bodies that the preset's description does not speak for. */
function ownConditions(capability: Capability, offered: PresetCapability | null): BodyRule[] {
  const known = new Set(offered?.body?.map((rule) => JSON.stringify(rule)))
  return capability.body.filter((rule) => !known.has(JSON.stringify(rule)))
}

/** The preset's capability that has exactly these rules, and what the owner said for it, a line each; null for none. */
function madeOf(
  capability: Capability,
  service: ServiceSummary,
  preset: Preset,
): { offered: PresetCapability; values: string[] } | null {
  for (const offered of preset.capabilities) {
    const given = readValues(preset, offered, service.baseUrls, capability)
    if (given === null) continue
    const needed = capabilityValues(preset, offered)
    const values = needed.map(({ id, label }) => t('valueIs', label, given[id] ?? ''))
    return { offered: fillValues(offered, needed, given), values }
  }
  return null
}
