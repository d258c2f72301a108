import { Card } from '../../ui/card.tsx'
import { ChoiceField } from '../../ui/choice-field.tsx'
import type { BadgeCount, Settings } from '../../ui/settings.ts'
import { t } from '../../ui/strings.ts'
import type { ControlModel } from '../model.ts'
import { set } from './set.ts'

/** What the button in the browser's toolbar counts. */
export function ToolbarCard(props: { settings: Settings; model: ControlModel }) {
  const { settings, model } = props
  const badges: readonly (readonly [BadgeCount, string])[] = [
    ['live', t('badgeLive')],
    ['asks', t('badgeAsks')],
  ]
  return (
    <Card title={t('toolbarTitle')}>
      <h2>{t('toolbarTitle')}</h2>
      <ChoiceField
        label={t('badgeShows')}
        hint={t('badgeText')}
        value={settings.badge}
        options={badges}
        onChoose={(badge) => void set({ badge }, model)}
      />
    </Card>
  )
}
