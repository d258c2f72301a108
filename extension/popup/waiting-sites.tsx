import type { WaitingNotice } from '../../shared/protocol/owner-port.ts'
import { Button } from '../ui/button.tsx'
import { ForeignText } from '../ui/foreign-text.tsx'
import { OriginText } from '../ui/origin-text.tsx'
import type { OwnerSnapshot } from '../ui/owner-view.ts'
import { counted, t } from '../ui/strings.ts'
import type { PopupModel } from './model.ts'
import type { PopupState } from './popup-state.ts'
import './pending-approvals.css'
import './waiting-sites.css'
import { labelText } from '../ui/translations.ts'

/**
 * Sites whose calls wait: for the vault, or for the owner to go on after a session ran out. Before everything else, and on the
 * locked screen too, where unlocking is the answer.
 */
export function WaitingSites(props: { state: PopupState; model: PopupModel }) {
  const { waiting, owner, screen, request } = props.state
  const count = waiting.length + (request === null ? 0 : 1)
  if (count === 0) return null
  const title = counted('waitingSites', count)
  return (
    <section class="pending stack-tight" aria-label={title}>
      <h2>{title}</h2>
      {request === null ? null : (
        <div class="row-apart">
          <p>
            <OriginText origin={request.origin} /> {t('pendingRequest')}
          </p>
          <Button small onPress={() => void props.model.showRequest()}>
            {t('pendingShow')}
          </Button>
        </div>
      )}
      <ul class="stack-tight">
        {waiting.map((notice) => (
          <Waiting
            key={notice.id}
            notice={notice}
            service={serviceLabel(owner, notice.baseUrl)}
            locked={screen === 'locked'}
            alone={waiting.length === 1}
            busy={props.state.answering.has(notice.id)}
            onAnswer={(goOn) => void props.model.answerWaiting(notice, goOn)}
          />
        ))}
      </ul>
      {waiting.length === 0 ? null : (
        <p class="small soft">{t(screen === 'locked' ? 'waitingLockedText' : 'waitingText')}</p>
      )}
    </section>
  )
}

function Waiting(props: {
  notice: WaitingNotice
  service: string
  locked: boolean
  alone: boolean
  busy: boolean
  onAnswer: (goOn: boolean) => void
}) {
  const { notice, busy, onAnswer } = props
  const { origin, topOrigin } = notice
  return (
    <li class="stack-tight">
      <div>
        <OriginText origin={origin} />
        {topOrigin === origin ? null : (
          <p class="small soft">
            {t('insideOf')} <OriginText origin={topOrigin} />
          </p>
        )}
        <p>
          {t('waitingWants')} <ForeignText text={props.service} />{' '}
          <span class="small soft whole">{counted('waitingCalls', notice.calls)}</span>
        </p>
      </div>
      <div class="waiting-answers">
        {props.locked ? null : (
          <Button
            kind={props.alone ? 'primary' : 'plain'}
            small
            busy={busy}
            label={t('resumeOf', origin)}
            onPress={() => onAnswer(true)}
          >
            {t('resume')}
          </Button>
        )}
        <Button small busy={busy} label={t('refuseOf', origin)} onPress={() => onAnswer(false)}>
          {t('refuse')}
        </Button>
      </div>
    </li>
  )
}

/** The owner's words for the service; its host while the vault is locked, or where it is none of theirs any more. */
function serviceLabel({ services }: OwnerSnapshot, baseUrl: string): string {
  const service = services?.find(({ baseUrls }) => baseUrls.includes(baseUrl))
  return service === undefined ? (URL.parse(baseUrl)?.host ?? baseUrl) : labelText(service.label)
}
