import { t } from './strings.ts'

/** Tell the page which language and direction its texts have, and give it its title. */
export function setDocumentLanguage(): void {
  const i18n = globalThis.chrome?.i18n
  document.documentElement.lang = t('languageTag')
  document.documentElement.dir = i18n?.getMessage?.('@@bidi_dir') === 'rtl' ? 'rtl' : 'ltr'
  document.title = t('extName')
}
