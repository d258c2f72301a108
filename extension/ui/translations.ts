import { useEffect, useState } from 'preact/hooks'
import { textLanguage } from './strings.ts'

/** What a language says in place of English texts of ours that no `messages.json` holds, by the English text itself. */
export interface Translations {
  /** Texts of the catalogue: `_locales/<language>/presets.json`. */
  presets: Readonly<Record<string, string>>
  /** Sentences of the host, their values as `$1`, `$2`: `_locales/<language>/host.json`. */
  host: Readonly<Record<string, string>>
}

const LANGUAGES: Readonly<Record<string, () => Promise<Translations>>> = {
  de: async () => {
    const [presets, host] = await Promise.all([
      import('../_locales/de/presets.json', { with: { type: 'json' } }),
      import('../_locales/de/host.json', { with: { type: 'json' } }),
    ])
    return { presets: presets.default, host: host.default }
  },
}

let loading: Promise<void> | null = null
let loaded: Translations | null = null

/** Load what the user's language has of them, once a page. Done at once in English. A failure leaves the English texts. */
export function loadTranslations(): Promise<void> {
  loading ??= load()
  return loading
}

async function load(): Promise<void> {
  const [language = ''] = textLanguage().split('-')
  if (!Object.hasOwn(LANGUAGES, language)) return
  loaded = (await LANGUAGES[language]?.().catch(() => null)) ?? null
}

/** Begin to load them, and draw the component anew when they are there. */
export function useTranslations(): void {
  const [, setLoaded] = useState(loaded !== null)
  useEffect(() => {
    void loadTranslations().then(() => setLoaded(loaded !== null))
  }, [])
}

/** A text in the user's language; the text itself where that has none, or where nothing is loaded yet. */
export function translated(of: keyof Translations, english: string): string {
  return isTranslated(of, english) ? (loaded?.[of][english] ?? english) : english
}

/** Whether the user's language has a text, and it is loaded. */
export function isTranslated(of: keyof Translations, english: string): boolean {
  return loaded !== null && Object.hasOwn(loaded[of], english)
}

/**
 * The name of a stored service or capability as it is shown. Those made from a preset bear the preset's words, in the
 * language of the catalogue; a name that the owner chose otherwise stays.
 */
export function labelText(label: string): string {
  return translated('presets', label)
}
