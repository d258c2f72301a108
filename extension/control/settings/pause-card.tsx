import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { t } from '../../ui/strings.ts'
import type { ControlModel, ControlState } from '../model.ts'

/** Pauses everything; nothing while that is so, since the notice above every room resumes it. */
export function PauseCard(props: { state: ControlState; model: ControlModel }) {
  if (props.state.owner.state?.paused === true) return null
  const pause = () => void props.model.order({ name: 'vault-pause' }, t('toastPaused'))
  return (
    <Card title={t('pauseTitle')}>
      <h2>{t('pauseTitle')}</h2>
      <p class="soft">{t('pauseText')}</p>
      <div class="row">
        <Button onPress={pause}>{t('pauseEverything')}</Button>
      </div>
    </Card>
  )
}
