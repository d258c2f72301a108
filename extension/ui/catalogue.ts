import { useEffect, useState } from 'preact/hooks'
import type { Preset } from '../../shared/model/preset.ts'

/** All presets. */
export type Catalogue = readonly Preset[]

let loading: Promise<Catalogue> | null = null
let loaded: Catalogue | null = null

/** Load the catalogue, once a page: it is most of what a page of ours would weigh, and many pages show nothing of it. */
export function loadCatalogue(): Promise<Catalogue> {
  loading ??= import('../../shared/presets/catalogue.ts').then(({ PRESETS }) => {
    loaded = PRESETS
    return PRESETS
  })
  return loading
}

/** The catalogue; null until it is loaded, which this begins. */
export function useCatalogue(): Catalogue | null {
  const [catalogue, setCatalogue] = useState(loaded)
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
