import type { Preset } from '../../shared/model/preset.ts'
import { say } from '../../shared/model/said.ts'
import { PRESETS, presetById } from '../../shared/presets/catalogue.ts'
import { capabilityValues, serviceValues } from '../../shared/presets/fill-values.ts'
import { isPlaceholder, recogniseKey } from '../../shared/presets/recognise-key.ts'
import { givenSecretNames, isSignedInTo } from '../../shared/presets/secret-names.ts'
import type { KeyMark } from '../../shared/protocol/page-keys.ts'
import type { ServiceSummary } from '../../shared/protocol/service-commands.ts'
import { Refusal } from '../refusal.ts'
import { listReferences, listServices } from '../store/services.ts'
import type { OwnerContext } from './context.ts'
import { record } from './record.ts'
import { requireService } from './require.ts'
import { addFromPreset, rotate } from './services.ts'

/** Shorter beginnings are in any text. */
const SHORTEST_PREFIX = 3

/** A key that a page held. */
export interface FoundKey {
  /** Where. */
  origin: string
  preset: string
  key: Uint8Array
  /** The service that is to have it in place of its own; absent: a new one. */
  replace?: string
}

/** What keys look like that can be told from other text, of services that a key is all of what they need. */
export function keyMarks(): KeyMark[] {
  return PRESETS.filter(needsKeyAlone).flatMap(({ id, keys = [] }) =>
    keys
      .filter(({ prefix, danger, shared }) => {
        return prefix.length >= SHORTEST_PREFIX && danger !== 'wrong' && shared === undefined
      })
      .map(({ prefix, rest, name }) => ({ preset: id, name, prefix, rest })),
  )
}

/**
 * Store a key that its owner found in a page and wants out of it. Never in the place of another without being told so.
 *
 * @throws Refusal `unknown`, `exists`, `invalid`, each without a byte of the key.
 */
export function moveKey(context: OwnerContext, found: FoundKey): ServiceSummary {
  const preset = presetById(found.preset)
  if (preset === null) throw new Refusal('unknown', say`there is no preset \`${found.preset}\``)
  checkKey(preset, found.key)
  return context.store.transaction(() => {
    const service =
      found.replace === undefined
        ? addWith(context, preset, found.key)
        : replaceIn(context, preset, found.replace, found.key)
    record(context, 'key.move', `${service.id} from ${found.origin}`)
    return service
  })
}

/** SECURITY: the page chose these bytes: what is stored is a key of that very service, and no other text. */
function checkKey(preset: Preset, bytes: Uint8Array): void {
  const key = new TextDecoder().decode(bytes)
  const fits = recogniseKey(key, PRESETS).some((each) => {
    return each.preset.id === preset.id && each.shape.shared === undefined && each.shape.danger !== 'wrong'
  })
  if (fits && !isPlaceholder(key) && needsKeyAlone(preset)) return
  throw new Refusal('invalid', say`what the page holds is no key of ${preset.label}`)
}

function addWith(context: OwnerContext, preset: Preset, key: Uint8Array): ServiceSummary {
  const services = listServices(context.store, context.keys)
  if (services.some((each) => each.preset === preset.id))
    throw new Refusal('exists', say`the vault has a key of ${preset.label}: say whether it is to be replaced`)
  return addFromPreset(context, {
    id: freeId(
      preset.id,
      services.map(({ id }) => id),
    ),
    preset: preset.id,
    secrets: new Map(givenSecretNames(preset.auth).map((name) => [name, key])),
    capabilities: firstCapability(preset),
  })
}

function replaceIn(context: OwnerContext, preset: Preset, id: string, key: Uint8Array): ServiceSummary {
  const service = requireService(context, id)
  if (service.preset !== preset.id)
    throw new Refusal('invalid', say`\`${id}\` is no service of ${preset.label}`)
  if ([...listReferences(context.store, context.keys, id)].length > 0)
    throw new Refusal('invalid', say`the key of \`${id}\` lives elsewhere: change it there`)
  return rotate(context, id, new Map(givenSecretNames(service.auth).map((name) => [name, key])))
}

/** The owner gave nothing but the key. */
function needsKeyAlone(preset: Preset): boolean {
  const { baseUrls, local, auth } = preset
  const signsIn = auth.some((each) => isSignedInTo(each.auth))
  const isFixed = baseUrls.length > 0 && !local && !signsIn && serviceValues(preset).length === 0
  return isFixed && givenSecretNames(auth).length === 1
}

/** What the form of the control room has ticked too, where it needs nothing more of the owner. */
function firstCapability(preset: Preset): string[] {
  const [first] = preset.capabilities
  const isReady =
    first !== undefined &&
    first.models === undefined &&
    first.auth === undefined &&
    capabilityValues(preset, first).length === 0
  return isReady ? [first.id] : []
}

/** A service may have that name and be of another preset. */
function freeId(wanted: string, taken: readonly string[]): string {
  if (!taken.includes(wanted)) return wanted
  let number = 2
  while (taken.includes(`${wanted}-${number}`)) number += 1
  return `${wanted}-${number}`
}
