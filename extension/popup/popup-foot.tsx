import { Button } from '../ui/button.tsx'
import { t } from '../ui/strings.ts'
import { useNow } from '../ui/use-now.ts'
import { liveSessions } from './live-sessions.ts'
import type { PopupModel } from './model.ts'
import type { PopupState } from './popup-state.ts'

/** The popup's last line, while anything is live: pause everything, end everything. It does not scroll. */
export function PopupFoot(props: { state: PopupState; model: PopupModel }) {
  const { state, model } = props
  const now = useNow()
  if (state.screen !== 'ready' || liveSessions(state.owner, now).length === 0) return null
  return (
    <footer class="popup-foot">
      {state.owner.state?.paused ? null : (
        <Button small label={t('pauseAllLabel')} onPress={() => void model.pauseAll()}>
          {t('pauseAll')}
        </Button>
      )}
      <Button kind="danger" small onPress={() => model.revokeAll()}>
        {t('revokeAll')}
      </Button>
    </footer>
  )
}
