import { useEffect, useState } from 'preact/hooks'
import type { Preset } from '../../shared/model/preset.ts'
import type { ServiceSummary } from '../../shared/protocol/service-commands.ts'
import { localisedPreset } from './localised-preset.ts'
import { textLanguage } from './strings.ts'
import { loadTranslations, translated } from './translations.ts'

/** All presets, with their texts in the language of the user where that has them. */
export type Catalogue = readonly Preset[]

let loading: Promise<Catalogue> | null = null
let loaded: Catalogue | null = null
let kept: Catalogue | null = null

/** Load the catalogue, once a page: it is most of what a page of ours would weigh, and many pages show nothing of it. */
export function loadCatalogue(): Promise<Catalogue> {
  loading ??= load().then((catalogue) => {
    loaded = catalogue
    return catalogue
  })
  return loading
}

async function load(): Promise<Catalogue> {
  const [{ PRESETS }] = await Promise.all([import('../../shared/presets/catalogue.ts'), loadTranslations()])
  const [language] = textLanguage().split('-')
  if (language === 'en') return PRESETS
  const localised = PRESETS.map((preset) => localisedPreset(preset, (text) => translated('presets', text)))
  return localised.sort((one, other) => one.label.localeCompare(other.label, language))
}

/**
 * Use these until the catalogue is there: parts of it that the last page kept, so that the words of the owner's own services
 * are right in the first picture and stay what they are.
 */
export function beginWith(presets: Catalogue): void {
  kept = presets
}

/** Those presets of the catalogue that the owner's services are of; of what was kept, where it is not loaded. */
export function presetsOf(services: readonly Pick<ServiceSummary, 'preset'>[]): Catalogue {
  return (loaded ?? kept ?? []).filter(({ id }) => services.some(({ preset }) => preset === id))
}

/** The catalogue; what was kept of it until it is loaded, which this begins; null where nothing was. */
export function useCatalogue(): Catalogue | null {
  const [catalogue, setCatalogue] = useState(loaded ?? kept)
  useEffect(() => {
    let wanted = true
    void loadCatalogue().then((presets) => {
      if (wanted) setCatalogue(presets)
    })
    return () => {
      wanted = false
    }
  }, [])
  return catalogue
}
