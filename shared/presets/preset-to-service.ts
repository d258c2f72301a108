import type { BodyRule, Capability, CapabilityLimits, Rule } from '../model/capability.ts'
import type { Preset, PresetCapability } from '../model/preset.ts'
import type { Queue } from '../model/queue.ts'
import type { Service } from '../model/service.ts'
import { checkHosts } from './check-host.ts'
import { capabilityValues, fillValues, type GivenValues, serviceValues } from './fill-values.ts'
import { placePattern } from './place-path.ts'

/** What the owner says beside the preset. */
export interface ServiceChoices {
  id: string
  label?: string
  /** Replaces the preset's base URLs; needed where the preset has none. A trailing slash is dropped. */
  baseUrls?: readonly string[]
  /** The service is used without a key. Only for presets with `keyOptional`. */
  keyless?: boolean
  /** Replaces what the preset says; null: on the internet. */
  local?: Service['local']
  /** What the preset asks the owner for, by the ids of its values. */
  values?: GivenValues
}

/** What the owner says beside the capability of a preset. */
export interface CapabilityChoices {
  id: string
  /** The service the capability is for, made from the same preset. Its base URLs place the paths. One stored before presets
   * denied fields has no `denyFields`: its capabilities deny them then. */
  service: Pick<Service, 'id' | 'baseUrls' | 'denyFields'>
  /**
   * For capabilities with `models: true`; absent there: no model, so nothing that names one is allowed. Others get no
   * list from here: their calls may name no model, and a list would refuse all of them.
   */
  models?: readonly string[]
  /** What the capability asks the owner for, by the ids of the preset's values. */
  values?: GivenValues
}

/** The limits a capability gets where its preset says nothing: a working day, and the pace of one person with a page. */
export const DEFAULT_LIMITS: CapabilityLimits = {
  ttl: 8 * 3600,
  idle: null,
  ratePerMinute: 120,
  maxRequests: null,
  concurrent: 16,
  concurrentInAll: null,
  maxBytes: null,
  maxBytesUp: null,
  maxTokens: null,
  maxTokensPerCall: null,
  maxCost: null,
  prices: null,
  period: 'day',
}

/**
 * Make the service an owner asked for. All patterns are placed below the base URLs, see `place-path.ts`.
 *
 * @throws TypeError where a base URL is missing or is no URL, or a key is declared away that the service needs;
 *   ValueFault where a value is missing or is none, or a base URL is of another kind than the preset's.
 */
export function serviceFromPreset(asWritten: Preset, choices: ServiceChoices): Service {
  const preset = choices.keyless
    ? asWritten
    : fillValues(asWritten, serviceValues(asWritten), choices.values ?? {})
  const baseUrls = (choices.baseUrls ?? preset.baseUrls).map((url) => url.replace(/\/+$/, ''))
  if (baseUrls.length === 0) {
    throw new TypeError(
      `\`${preset.id}\` needs a base URL such as \`${preset.baseUrlHint ?? 'https://host'}\``,
    )
  }
  checkHosts(preset, baseUrls)
  if (choices.keyless && !preset.keyOptional) throw new TypeError(`\`${preset.id}\` needs a key`)
  const place = (patterns: readonly string[]) => placeAll(preset, baseUrls, patterns)
  // SECURITY: denials hold as written too, so that no odd base path slips past them.
  const alsoAsWritten = (patterns: readonly string[]) => [...new Set([...place(patterns), ...patterns])]
  return {
    id: choices.id,
    label: choices.label ?? labelFor(preset, baseUrls),
    preset: preset.id,
    baseUrls,
    local: choices.local === undefined ? (preset.local ? { address: null } : null) : choices.local,
    ca: null,
    auth: choices.keyless
      ? [{ paths: ['* /**'], auth: { kind: 'none' } }]
      : preset.auth.map(({ paths, auth }) => ({ paths: place(paths), auth })),
    strip: copyOf(preset.strip),
    requiredHeaders: { ...preset.requiredHeaders },
    allowHeaders: [...preset.allowHeaders],
    denyAlways: alsoAsWritten(preset.denyAlways),
    credentialMinting: alsoAsWritten(preset.credentialMinting),
    ...(preset.denyFields === undefined
      ? {}
      : { denyFields: preset.denyFields.map((each) => ({ ...each, paths: alsoAsWritten(each.paths) })) }),
    ...(preset.queue === undefined ? {} : { queue: queueBelow(preset.queue, place) }),
    ...(preset.modelLists === undefined
      ? {}
      : { modelLists: preset.modelLists.map((list) => ({ ...list, paths: place(list.paths) })) }),
    placeholder: preset.placeholder,
  }
}

function queueBelow(queue: Queue, place: (patterns: readonly string[]) => string[]): Queue {
  const { jobs, except, results } = queue
  const placed = { ...queue, jobs: place(jobs), results: place(results) }
  return except === undefined ? placed : { ...placed, except: place(except) }
}

/** A preset for any server names none: its services are called after their host. */
function labelFor(preset: Preset, baseUrls: readonly string[]): string {
  const host = preset.baseUrls.length > 0 ? null : URL.parse(baseUrls[0] ?? '')?.host
  return host ?? preset.label
}

/**
 * Make a capability a preset offers.
 *
 * @param presetCapabilityId id within the preset, e.g. `openai-chat`.
 * @throws TypeError where the preset has no such capability; ValueFault where a value it needs is missing or is none.
 */
export function capabilityFromPreset(
  preset: Preset,
  presetCapabilityId: string,
  choices: CapabilityChoices,
): Capability {
  const asWritten = preset.capabilities.find((capability) => capability.id === presetCapabilityId)
  if (asWritten === undefined) {
    const known = preset.capabilities.map((capability) => `\`${capability.id}\``).join(', ')
    throw new TypeError(`\`${preset.id}\` has no capability \`${presetCapabilityId}\`; it has ${known}`)
  }
  const offered = fillValues(asWritten, capabilityValues(preset, asWritten), choices.values ?? {})
  return {
    id: choices.id,
    service: choices.service.id,
    label: offered.label,
    rules: rulesOf(preset, offered, choices.service.baseUrls),
    body: [...(offered.body ?? []).map((rule) => ({ ...rule })), ...unsaid(preset, choices.service)],
    models: modelsOf(offered, choices.models),
    limits: { ...DEFAULT_LIMITS, ...offered.limits },
  }
}

/** The rules of what a preset offers, placed below base URLs; `{id}` stays where a value belongs. */
export function rulesOf(preset: Preset, offered: PresetCapability, baseUrls: readonly string[]): Rule[] {
  const as = (effect: Rule['effect'], patterns: readonly string[]): Rule[] =>
    placeAll(preset, baseUrls, patterns).map((pattern) => ({ effect, pattern }))
  return [...as('deny', offered.deny ?? []), ...as('allow', offered.allow)]
}

/** What the preset denies in all calls and the service does not say, as conditions. SECURITY: no older service opens it. */
function unsaid({ denyFields = [] }: Preset, service: Pick<Service, 'denyFields'>): BodyRule[] {
  if (service.denyFields !== undefined) return []
  const names = new Set(denyFields.flatMap((each) => each.names))
  return [...names].map((name) => ({ op: 'absent', pointer: `/${name}` }))
}

/** A capability that asks for models and gets none allows none. */
function modelsOf(offered: PresetCapability, models: readonly string[] = []): string[] | null {
  return offered.models ? [...models] : null
}

/** Each pattern below each base URL, without repeats. */
function placeAll(preset: Preset, baseUrls: readonly string[], patterns: readonly string[]): string[] {
  return [
    ...new Set(baseUrls.flatMap((url) => patterns.map((pattern) => placePattern(preset, url, pattern)))),
  ]
}

function copyOf(strip: Service['strip']): Service['strip'] {
  const copy = { headers: [...strip.headers], query: [...strip.query], jsonFields: [...strip.jsonFields] }
  return strip.formFields === undefined ? copy : { ...copy, formFields: [...strip.formFields] }
}
