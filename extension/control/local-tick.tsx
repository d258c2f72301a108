import { Notice } from '../ui/notice.tsx'
import { t } from '../ui/strings.ts'
import type { LocalPlace } from './base-url-note.ts'
import './local-tick.css'

/** Says that a base URL leads to this machine or a private network, and has the owner say that it is meant to. */
export function LocalTick(props: {
  local: LocalPlace
  ticked: boolean
  /** Why the form was not sent, for want of the tick. */
  error: string | null
  onTick: (ticked: boolean) => void
}) {
  const { local } = props
  return (
    <Notice tone="warn">
      <p role="status">
        {t(local.place === 'loopback' ? 'localLoopback' : 'localPrivate', local.address)}{' '}
        {local.isPlain ? t('localPlain') : null}
      </p>
      <label class="local-tick">
        <input
          type="checkbox"
          checked={props.ticked}
          aria-invalid={props.error !== null}
          onChange={(event) => props.onTick(event.currentTarget.checked)}
        />
        {t('localTick')}
      </label>
      <div aria-live="polite">{props.error === null ? null : <p class="field-error">{props.error}</p>}</div>
    </Notice>
  )
}
