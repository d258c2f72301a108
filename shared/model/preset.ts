import type { BodyRule, CapabilityLimits } from './capability.ts'
import type { Auth } from './service.ts'

/** A capability a preset offers, in the owner's words. `models: true` asks the owner for a list of models. */
export interface PresetCapability {
  id: string
  label: string
  /** One sentence on what a site can do with it, and what it may cost. */
  description: string
  risk: 'read' | 'spend' | 'write'
  allow: string[]
  deny?: string[]
  body?: BodyRule[]
  models?: true
  /** Where the service needs narrower limits than the catalogue's own. */
  limits?: Partial<CapabilityLimits>
}

/** What the catalogue knows about a service. Plain values, checked by `test/unit/presets.test.ts`. */
export interface Preset {
  id: string
  label: string
  /** Empty where the owner must give one (`template`). */
  baseUrls: string[]
  /** For templates: what to type, e.g. `https://host/v1`. */
  baseUrlHint?: string
  local: boolean
  auth: { paths: string[]; auth: Auth }[]
  strip: { headers: string[]; query: string[]; jsonFields: string[]; formFields?: string[] }
  requiredHeaders: Record<string, string>
  allowHeaders: string[]
  denyAlways: string[]
  credentialMinting: string[]
  placeholder: string
  /** Text shown at the key field: `sk-…`. Empty: the service can do without a key. */
  keyHint: string
  keyOptional: boolean
  createKeyUrl: string | null
  capabilities: PresetCapability[]
  /** `ok`: `status` (2xx), or `json-status` (2xx and no error in the body's `status` field: ModelsLab). */
  test: { method: 'GET' | 'POST'; path: string; body?: string; ok: 'status' | 'json-status' }
  /** Sentences shown where they matter. */
  hazards: string[]
}
