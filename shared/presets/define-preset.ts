import type { Preset } from '../model/preset.ts'

type Usual =
  | 'local'
  | 'requiredHeaders'
  | 'allowHeaders'
  | 'denyAlways'
  | 'credentialMinting'
  | 'keyHint'
  | 'keyOptional'
  | 'hazards'

/** A preset as its file writes it: what most services have none of may be left out. */
export type PresetDraft = Omit<Preset, Usual | 'strip'> &
  Partial<Pick<Preset, Usual>> & { strip: Partial<Preset['strip']> }

/** The whole preset. `PresetSchema` checks it when the product is built. */
export function definePreset(draft: PresetDraft): Preset {
  return {
    local: false,
    requiredHeaders: {},
    allowHeaders: [],
    denyAlways: [],
    credentialMinting: [],
    keyHint: '',
    keyOptional: false,
    hazards: [],
    ...draft,
    strip: { headers: [], query: [], jsonFields: [], ...draft.strip },
  }
}
