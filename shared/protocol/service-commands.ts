import * as z from 'zod/mini'
import { NameSchema } from '../model/names.ts'
import type { PresetChangeCount, PresetOffers } from '../model/preset-change.ts'
import type { ReferenceKind } from '../model/reference.ts'
import type { Said } from '../model/said.ts'
import type { ServiceWarning } from '../model/service-warning.ts'

/** Orders about services and their keys. */
export const SERVICE_COMMANDS = [
  z.strictObject({ name: z.literal('service-list') }),
  z.strictObject({
    name: z.literal('service-add'),
    id: NameSchema,
    preset: NameSchema,
    /** Replaces the preset's base URLs; required by presets whose base URL is a template. */
    baseUrls: z.optional(z.array(z.string())),
    /**
     * Declares that the service lives on this machine or a private network, which the owner was told and agreed to;
     * `address` is the one IP it is reached at, null where the base URL holds it. Absent: what the preset says.
     */
    local: z.optional(z.strictObject({ address: z.nullable(z.string().check(z.maxLength(45))) })),
    /** Secret bytes by name, as text (`token`, `value`, …). Absent names: the scheme must be able to do without. */
    secrets: z.record(z.string(), z.string()),
    /** Preset capabilities to create with it, by preset id. */
    capabilities: z.array(NameSchema),
    /** Models the owner names, for capabilities that ask for a list. */
    models: z.optional(z.array(z.string())),
    /** What the preset asks for besides, by the ids of its values: an account, a channel. */
    values: z.optional(z.record(z.string(), z.string().check(z.maxLength(300)))),
  }),
  z.strictObject({ name: z.literal('service-test'), id: NameSchema }),
  /** Begins a sign-in to a service with `signIn`: answered with the address that the owner is to open. */
  z.strictObject({ name: z.literal('service-authorize'), id: NameSchema }),
  /** Answered when the sign-in that was begun last is over: its token is stored, or it is refused with why not. */
  z.strictObject({ name: z.literal('service-authorized'), id: NameSchema }),
  /** Replaces secrets by name; those not named stay. The next call uses the new ones. */
  z.strictObject({
    name: z.literal('service-rotate'),
    id: NameSchema,
    secrets: z.record(z.string(), z.string()),
  }),
  z.strictObject({ name: z.literal('service-remove'), id: NameSchema }),
] as const

/** A service as the popup and the control room may see it: names of secrets, never their bytes. */
export interface ServiceSummary {
  id: string
  label: string
  preset: string | null
  baseUrls: string[]
  local: boolean
  placeholder: string
  secrets: string[]
  /** Of these the ones that live elsewhere, with the kind of place; absent where all are in the vault. */
  references?: Record<string, ReferenceKind>
  /** Present where its owner can sign in to it. */
  signIn?: true
  capabilities: string[]
  /** Its preset says something else by now: see `service-update-preview`. Absent: it does not. */
  presetChanges?: PresetChangeCount
  /** Its preset has capabilities that it had not when the service was made: see `service-offers`. Absent: none. */
  offers?: PresetOffers
}

/** What a harmless call with the stored credential showed. */
export interface ServiceTestResult {
  outcome:
    | 'accepted'
    | 'key-refused'
    | 'lacks-scope'
    | 'unreachable'
    | 'wrong-base-url'
    | 'no-key-needed'
    | 'unclear'
    | 'key-unavailable'
  status: number | null
  /** In English. */
  message: string
  /** The same with its values apart. Absent: it has none. */
  said?: Said
  /** Of a local server, what its owner should know: who else reaches it. Absent: nothing, or it was not looked at. */
  warnings?: ServiceWarning[]
}

/** What each of them answers with. */
export interface ServiceResults {
  'service-list': ServiceSummary[]
  'service-add': ServiceSummary
  'service-test': ServiceTestResult
  'service-authorize': { url: string }
  'service-authorized': null
  'service-rotate': ServiceSummary
  'service-remove': null
}
