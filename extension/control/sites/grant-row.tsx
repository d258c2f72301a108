import type { Capability } from '../../../shared/model/capability.ts'
import { mayWrite } from '../../../shared/model/reading.ts'
import type { ServiceSummary } from '../../../shared/protocol/service-commands.ts'
import type { SessionSummary } from '../../../shared/protocol/session-commands.ts'
import { Button } from '../../ui/button.tsx'
import { Chip } from '../../ui/chip.tsx'
import { durationText } from '../../ui/duration-text.ts'
import { ForeignText } from '../../ui/foreign-text.tsx'
import { dateText, momentText } from '../../ui/moment-text.ts'
import { OriginText } from '../../ui/origin-text.tsx'
import { counted, t } from '../../ui/strings.ts'
import { labelText } from '../../ui/translations.ts'
import { ConfirmButton } from '../confirm-button.tsx'
import type { ControlModel } from '../model.ts'
import { capabilityHash } from '../room.ts'
import './grant-row.css'
import type { UsedGrant } from './site-use.ts'

/** One grant: whose it is, what was given, when it was used, its live sessions, and its end. */
export function GrantRow(props: {
  used: UsedGrant
  capability: Capability | undefined
  service: ServiceSummary | undefined
  model: ControlModel
  now: number
  /** It is offered to be forgotten: one press is enough. */
  suggested: boolean
}) {
  const { used, model, now } = props
  const { grant, live } = used
  const forget = () => void model.order({ name: 'grant-remove', id: grant.id }, t('siteForgotten'))
  return (
    <li>
      <div class="grow stack-tight">
        <h3>
          <OriginText origin={grant.origin} />
        </h3>
        {grant.topOrigin === grant.origin ? null : (
          <p class="small soft">
            {t('insideOf')} <OriginText origin={grant.topOrigin} />
          </p>
        )}
        <CapabilityLink {...props} />
        <p class="small soft">
          {useText(used, now)} · {t('givenAt', dateText(grant.createdAt), durationText(grant.ttl, 'long'))}
        </p>
        <AsksWrites {...props} />
        {live.map((session) => (
          <LiveSession key={session.id} session={session} model={model} now={now} />
        ))}
      </div>
      {props.suggested ? (
        <Button small label={t('forgetOf', grant.origin)} onPress={forget}>
          {t('forget')}
        </Button>
      ) : (
        <ConfirmButton
          text={t('forget')}
          label={t('forgetOf', grant.origin)}
          question={t('siteForgetAsk')}
          onConfirm={forget}
        />
      )}
    </li>
  )
}

/** Whether the owner is asked before each change, and the box that changes it; nothing where the site only reads. */
function AsksWrites(props: { used: UsedGrant; capability: Capability | undefined; model: ControlModel }) {
  const { used, capability, model } = props
  const { id, askWrites } = used.grant
  if (!askWrites && (capability === undefined || !mayWrite(capability))) return null
  const choose = (wish: boolean) =>
    void model.order(
      { name: 'grant-ask-writes', id, askWrites: wish },
      t(wish ? 'toastAsksWrites' : 'toastAsksNoMore'),
    )
  return (
    <label class="row site-asks">
      <input
        type="checkbox"
        checked={askWrites}
        aria-label={t('askWritesOf', used.grant.origin)}
        onChange={(event) => {
          const wish = event.currentTarget.checked
          // Until the host has taken the order, and where it does not, what is so stays shown.
          event.currentTarget.checked = askWrites
          choose(wish)
        }}
      />
      <span class="small">{t('askWrites')}</span>
    </label>
  )
}

function CapabilityLink(props: {
  used: UsedGrant
  capability: Capability | undefined
  service: ServiceSummary | undefined
}) {
  const { capability, service } = props
  const { grant } = props.used
  if (capability === undefined) return <p class="small">{grant.capability}</p>
  return (
    <p class="small">
      <a href={capabilityHash(capability.id)}>
        <ForeignText
          text={t(
            'serviceAndCapability',
            labelText(service?.label ?? capability.service),
            labelText(capability.label),
          )}
        />
      </a>
    </p>
  )
}

function LiveSession(props: { session: SessionSummary; model: ControlModel; now: number }) {
  const { session, model, now } = props
  const left = Math.max(0, Math.ceil((session.expiresAt - now) / 1000))
  const revoke = () =>
    void model.order({ name: 'session-revoke', id: session.id }, t('toastEnded', session.origin))
  return (
    <div class="site-live">
      <Chip tone="good">{t('siteLive')}</Chip>
      <span class="small soft">
        {counted('requests', session.requests)} ·{' '}
        <span class="whole">{t('timeLeft', durationText(left))}</span>
      </span>
      <Button small label={t('revokeOf', session.origin)} onPress={revoke}>
        {t('revoke')}
      </Button>
    </div>
  )
}

/** When it was last used, as far as that is known. */
function useText({ grant, lastUsedAt, known }: UsedGrant, now: number): string {
  if (lastUsedAt !== null) return t('lastUsed', momentText(lastUsedAt, now))
  if (known === null) return t('useUnknown')
  return known <= grant.createdAt ? t('neverUsed') : t('notUsedSince', dateText(known))
}
