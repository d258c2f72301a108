import type { Preset } from '../../shared/model/preset.ts'
import { cleanKey } from '../../shared/presets/clean-key.ts'
import { isValue, neededValues } from '../../shared/presets/fill-values.ts'
import { givenSecretNames, isSignedInTo } from '../../shared/presets/secret-names.ts'
import type { Command } from '../../shared/protocol/commands.ts'
import { t } from '../ui/strings.ts'
import { asBaseUrl, baseUrlNote, localPlace } from './base-url-note.ts'
import { freeName, namedModels } from './service-name.ts'

/** What the owner typed and ticked in the form of a preset. */
export interface ServiceFields {
  baseUrl: string
  /** The local address the owner ticked; null: none. A tick holds for that address and no other. */
  localAddress: string | null
  key: string
  /** Ids of the preset's capabilities. */
  chosen: readonly string[]
  models: string
  /** What the preset asks for besides, by the ids of its values. */
  values: Readonly<Record<string, string>>
}

/** The same without the key, which stays in its field alone. */
export type KeylessFields = Omit<ServiceFields, 'key'>

/** What the owner last sent of a preset's form. */
export interface EnteredService {
  preset: string
  fields: KeylessFields
}

/** What stands in the form of a preset at first: what was sent of it before, where its owner comes back to it, else what the preset says. */
export function firstFields(preset: Preset, entered: EnteredService | null): KeylessFields {
  if (entered?.preset === preset.id) return entered.fields
  return {
    baseUrl: preset.baseUrls[0] ?? '',
    localAddress: null,
    chosen: preset.capabilities.slice(0, 1).map(({ id }) => id),
    models: '',
    values: {},
  }
}

/** What keeps the form from being sent, by field. Empty: nothing. */
export type ServiceFaults = { [field in 'baseUrl' | 'local' | 'key' | 'chosen' | 'models']?: string } & {
  /** By value. */
  values?: Readonly<Record<string, string>>
}

/** True where the owner signs in, and the key that is asked for is the secret of their client. */
export function asksClientSecret(preset: Preset): boolean {
  return preset.auth.some(({ auth }) => isSignedInTo(auth))
}

/** A template needs a base URL, and what runs on this machine may listen elsewhere. */
export function asksUrl(preset: Preset): boolean {
  return preset.baseUrls.length === 0 || preset.local
}

/** Whether a capability that was chosen wants its models named. */
export function asksModels(preset: Preset, chosen: readonly string[]): boolean {
  return preset.capabilities.some((one) => one.models && chosen.includes(one.id))
}

/** The local address the owner has to agree to; null where there is none, and where the preset itself is a local one. */
export function localToAgree(preset: Preset, baseUrl: string) {
  return preset.local || !asksUrl(preset) ? null : localPlace(baseUrl)
}

/** What the owner still has to mend. The host has the last word on what is let through here. */
export function serviceFaults(preset: Preset, fields: ServiceFields): ServiceFaults {
  const faults: ServiceFaults = {}
  const note = asksUrl(preset) ? baseUrlNote(fields.baseUrl) : null
  if (note !== null) faults.baseUrl = t(note.name, note.value ?? '')
  const local = localToAgree(preset, fields.baseUrl)
  if (local !== null && local.address !== fields.localAddress) faults.local = t('localNotTicked')
  if (fields.key === '' && !preset.keyOptional)
    faults.key = t(asksClientSecret(preset) ? 'clientSecretEmpty' : 'keyEmpty')
  if (fields.chosen.length === 0) faults.chosen = t('chosenEmpty')
  if (asksModels(preset, fields.chosen) && namedModels(fields.models).length === 0) {
    faults.models = t('modelsEmpty')
  }
  const wrong = neededValues(preset, fields.chosen).filter((one) => !isValue(one, saidOf(fields, one.id)))
  if (wrong.length > 0)
    faults.values = Object.fromEntries(wrong.map(({ id, hint }) => [id, t('valueWrong', hint)]))
  return faults
}

/**
 * The order to add the service, for fields without faults.
 *
 * @param taken ids of the services there are.
 */
export function serviceOrder(
  preset: Preset,
  fields: ServiceFields,
  taken: readonly string[],
): Extract<Command, { name: 'service-add' }> {
  const baseUrl = asBaseUrl(fields.baseUrl)
  // SECURITY: only the owner's own tick declares a service local.
  const isLocal =
    fields.localAddress !== null && localToAgree(preset, baseUrl)?.address === fields.localAddress
  return {
    name: 'service-add',
    id: freeName(preset.id, taken),
    preset: preset.id,
    ...(asksUrl(preset) && baseUrl !== preset.baseUrls[0] ? { baseUrls: [baseUrl] } : {}),
    ...(isLocal ? { local: { address: null } } : {}),
    secrets: secretsOf(preset, fields.key),
    capabilities: [...fields.chosen],
    ...(asksModels(preset, fields.chosen) ? { models: namedModels(fields.models) } : {}),
    ...valuesOf(preset, fields),
  }
}

/** The values this service and its capabilities need, and no others. */
function valuesOf(preset: Preset, fields: ServiceFields): { values?: Record<string, string> } {
  const needed = neededValues(preset, fields.chosen)
  if (needed.length === 0) return {}
  return { values: Object.fromEntries(needed.map(({ id }) => [id, saidOf(fields, id)])) }
}

function saidOf(fields: ServiceFields, id: string): string {
  return (fields.values[id] ?? '').trim()
}

/** One key under every name the preset's schemes know it by, without what was pasted along with it; none where none was given. */
function secretsOf(preset: Preset, key: string): Record<string, string> {
  const clean = cleanKey(key).key
  const names = clean === '' ? [] : givenSecretNames(preset.auth)
  return Object.fromEntries(names.map((name) => [name, clean]))
}
