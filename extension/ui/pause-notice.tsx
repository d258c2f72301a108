import { useState } from 'preact/hooks'
import { Button } from './button.tsx'
import { momentText } from './moment-text.ts'
import { Notice } from './notice.tsx'
import type { OwnerSnapshot } from './owner-view.ts'
import './pause-notice.css'
import { t } from './strings.ts'
import { useNow } from './use-now.ts'

/**
 * Says that the owner has paused everything, since when, and puts all back; nothing while it is not so.
 *
 * @param props.onResume resolves when the order was carried out, or was not.
 */
export function PauseNotice(props: {
  owner: Pick<OwnerSnapshot, 'state' | 'status'>
  onResume: () => Promise<unknown>
}) {
  const { state, status } = props.owner
  if (state?.host !== 'connected' || state.vault !== 'unlocked' || !state.paused) return null
  // Zero: nobody can say any more since when.
  return <Paused since={status?.paused || null} onResume={props.onResume} />
}

function Paused(props: { since: number | null; onResume: () => Promise<unknown> }) {
  const [busy, setBusy] = useState(false)
  const now = useNow()
  const resume = async () => {
    setBusy(true)
    await props.onResume()
    setBusy(false)
  }
  return (
    <Notice tone="warn">
      <div class="pause-notice" role="status">
        <p>
          <strong>{t('pausedTitle')}</strong>{' '}
          {props.since === null ? null : <span class="small soft">{momentText(props.since, now)}</span>}
        </p>
        <Button small takesFocus busy={busy} label={t('resumeAllLabel')} onPress={() => void resume()}>
          {t('resume')}
        </Button>
      </div>
      <p class="small">{t('pausedText')}</p>
    </Notice>
  )
}
