import { Card } from '../../ui/card.tsx'
import { ChoiceField } from '../../ui/choice-field.tsx'
import type { Settings, SiteMarks, Theme } from '../../ui/settings.ts'
import { askForSiteIcons, giveBackSiteIcons } from '../../ui/site-icon-permission.ts'
import { t, textLanguage } from '../../ui/strings.ts'
import type { ControlModel } from '../model.ts'
import { set } from './set.ts'

/** Light or dark, what stands for a site, and the language, which is the browser's. */
export function AppearanceCard(props: { settings: Settings; model: ControlModel }) {
  const { settings, model } = props
  const themes: readonly (readonly [Theme, string])[] = [
    ['system', t('themeSystem')],
    ['light', t('themeLight')],
    ['dark', t('themeDark')],
  ]
  const marks: readonly (readonly [SiteMarks, string])[] = [
    ['letters', t('siteMarksLetters')],
    ['icons', t('siteMarksIcons')],
  ]
  return (
    <Card title={t('appearanceTitle')}>
      <h2>{t('appearanceTitle')}</h2>
      <ChoiceField
        label={t('theme')}
        hint={t('themeText')}
        value={settings.theme}
        options={themes}
        onChoose={(theme) => void set({ theme }, model)}
      />
      <ChoiceField
        label={t('siteMarks')}
        hint={t('siteMarksText')}
        value={settings.siteMarks}
        options={marks}
        onChoose={(siteMarks) => void mark(siteMarks, model)}
      />
      <h3>{t('language')}</h3>
      <p>{languageName()}</p>
      <p class="small soft">{t('languageText')}</p>
    </Card>
  )
}

async function mark(siteMarks: SiteMarks, model: ControlModel): Promise<void> {
  if (siteMarks === 'letters') await giveBackSiteIcons()
  else if (!(await askForSiteIcons().catch(() => false))) return model.say(t('siteMarksRefused'))
  await set({ siteMarks }, model)
}

/** The language of the texts, in itself. */
function languageName(): string {
  const language = textLanguage()
  return new Intl.DisplayNames([language], { type: 'language' }).of(language) ?? language
}
