import type { CapabilityDifference } from './capability-edit.ts'

/** What of a service its preset says. */
export const SERVICE_PARTS = [
  'denied',
  'minting',
  'denied-field',
  'denied-field-below',
  'stripped-header',
  'stripped-query',
  'stripped-json',
  'stripped-form',
  'allowed-header',
  'sent-header',
  'base-url',
  'auth',
  'queue',
  'model-lists',
  'placeholder',
  'label',
  'hazard',
] as const
export type ServicePart = (typeof SERVICE_PARTS)[number]

/** One thing that a preset says otherwise than what is stored. */
export type PresetDifference =
  /**
   * Of the service. `name` is the entry of a list, the name of a field or header, empty for a part that is one; `was` and `now`
   * are what it says, as text. Null: it does not stand there.
   */
  | { kind: 'service'; part: ServicePart; name: string; was: string | null; now: string | null }
  /** How a capability is called. */
  | { kind: 'label'; was: string; now: string }
  | CapabilityDifference

/**
 * Whose doing a difference is. `preset`: the preset has changed, and its owner had left this as it came. `yours`: the owner
 * changed it as well. `unknown`: what the preset said before was not kept, so it may be either.
 */
export type Standing = 'preset' | 'yours' | 'unknown'

/** One thing to adopt, or to keep as it is. */
export interface PresetChange {
  /** Names it in the order. Hexadecimal. */
  id: string
  /** Id of the capability it is in; null: the service itself. */
  capability: string | null
  standing: Standing
  /** It cannot be shown to let through nothing new, or to send nothing elsewhere. */
  opens: boolean
  /** Never empty. */
  what: PresetDifference[]
}

/** True for a change of the preset's alone that opens nothing: it needs no second word. */
export function isPlain({ standing, opens }: Pick<PresetChange, 'standing' | 'opens'>): boolean {
  return standing === 'preset' && !opens
}

/** Why a capability, or the service, is not compared. */
export type NotCompared =
  /** Which of the preset's capabilities it is was not kept, and its name does not tell. */
  | 'unknown'
  /** The preset does not offer it any more. */
  | 'gone'
  /** It needs a value, such as an account, that was not kept and cannot be read off. */
  | 'value'

/** What a service's preset says otherwise by now. */
export interface PresetUpdate {
  service: string
  /** What to order with, so that nothing else is saved than was shown. */
  digest: string
  /** Empty: nothing. */
  changes: PresetChange[]
  /** `capability` null: the service itself. */
  left: { capability: string | null; why: NotCompared }[]
}

/** The same in figures, for a list of services. */
export interface PresetChangeCount {
  /** Changes of the preset's alone that open nothing. */
  plain: number
  /** All others. */
  asked: number
}

/** What a service's preset has by now that it had not when the service was made, and of which nothing was decided yet. */
export interface PresetOffers {
  /** Ids of the preset's capabilities, in its order. Never empty. */
  capabilities: string[]
  /** Ids of the preset's values that the owner said when it was made: they need not be said again. */
  known: string[]
}
