import { Card } from '../../ui/card.tsx'
import { ChoiceField } from '../../ui/choice-field.tsx'
import { durationText } from '../../ui/duration-text.ts'
import { type AskWrites, type Settings, USUAL_SECONDS } from '../../ui/settings.ts'
import { t } from '../../ui/strings.ts'
import type { ControlModel } from '../model.ts'
import { set } from './set.ts'

/** What a new connection begins with. */
export function ConnectingCard(props: { settings: Settings; model: ControlModel }) {
  const { settings, model } = props
  const lengths = USUAL_SECONDS.map((seconds) => [String(seconds), durationText(seconds, 'long')] as const)
  const asks: readonly (readonly [AskWrites, string])[] = [
    ['changes', t('askWritesChanges')],
    ['always', t('askWritesAlways')],
    ['never', t('askWritesNever')],
  ]
  return (
    <Card title={t('connectingTitle')}>
      <h2>{t('connectingTitle')}</h2>
      <ChoiceField
        label={t('usualTime')}
        hint={t('usualTimeText')}
        value={String(settings.sessionSeconds)}
        options={lengths}
        onChoose={(seconds) => void set({ sessionSeconds: Number(seconds) }, model)}
      />
      <ChoiceField
        label={t('askWritesUsually')}
        hint={t('askWritesUsuallyText')}
        value={settings.askWrites}
        options={asks}
        onChoose={(askWrites) => void set({ askWrites }, model)}
      />
    </Card>
  )
}
