import type { FailoverTrigger } from '../../shared/model/failover.ts'
import type { SessionSummary } from '../../shared/protocol/session-commands.ts'
import { Button } from '../ui/button.tsx'
import { Chip } from '../ui/chip.tsx'
import { CountdownRing } from '../ui/countdown-ring.tsx'
import { durationText } from '../ui/duration-text.ts'
import { momentText } from '../ui/moment-text.ts'
import { moneyText } from '../ui/money-text.ts'
import { numberText } from '../ui/number-text.ts'
import { OriginText } from '../ui/origin-text.tsx'
import { SiteMark } from '../ui/site-mark.tsx'
import { StreamingDot } from '../ui/streaming-dot.tsx'
import { counted, type MessageName, t } from '../ui/strings.ts'
import { labelText } from '../ui/translations.ts'

type Failover = NonNullable<NonNullable<SessionSummary['lastCall']>['failover']>

/** What more time must bring, in seconds, for it to be offered. */
const WORTH_IT = 60

/** One live session: who, what, how long, how much, and one press to end it or to give it more time. */
export function SessionRow(props: {
  session: SessionSummary
  now: number
  ending: boolean
  /** Seconds that its grant gives; null where that is not known. */
  grantTtl: number | null
  onRevoke: () => void
  onExtend: () => void
}) {
  const { session, now } = props
  const streaming = session.inFlight > 0
  return (
    <li class="session" aria-busy={props.ending}>
      <SiteMark origin={session.origin}>
        <StreamingDot
          state={streaming ? 'streaming' : 'live'}
          label={streaming ? counted('inFlight', session.inFlight) : t('atRest')}
        />
      </SiteMark>
      <OriginText origin={session.origin} />
      <Button
        kind="danger"
        small
        busy={props.ending}
        label={t('revokeOf', session.origin)}
        onPress={props.onRevoke}
      >
        {t('revoke')}
      </Button>
      <div class="session-more stack-tight">
        {session.topOrigin === session.origin ? null : (
          <p class="small soft">
            {t('insideOf')} <OriginText origin={session.topOrigin} />
          </p>
        )}
        <div class="row">
          <Chip>
            {t('serviceAndCapability', labelText(session.serviceLabel), labelText(session.capabilityLabel))}
          </Chip>
          {session.askWrites ? <Chip>{t('asksWrites')}</Chip> : null}
        </div>
        <div class="session-facts">
          <CountdownRing from={session.createdAt} to={session.expiresAt} now={now} />
          <span>{counted('requests', session.requests)}</span>
          {session.blocked > 0 ? (
            <span class="session-blocked">{counted('blocked', session.blocked)}</span>
          ) : null}
          <Used session={session} />
          <MoreTime {...props} />
        </div>
        <LastCall session={session} now={now} />
      </div>
    </li>
  )
}

/** Tokens and money, as far as answers said them and its owner has them counted. */
function Used({ session }: { session: SessionSummary }) {
  const { tokens, cost, currency } = session
  return (
    <>
      {tokens === undefined ? null : <span>{t('tokensUsed', numberText(tokens))}</span>}
      {cost === undefined || currency === undefined ? null : <span>{moneyText(cost, currency)}</span>}
    </>
  )
}

function MoreTime(props: {
  session: SessionSummary
  now: number
  grantTtl: number | null
  onExtend: () => void
}) {
  const { session, now, grantTtl } = props
  if (grantTtl === null || grantTtl - (session.expiresAt - now) / 1000 < WORTH_IT) return null
  const time = durationText(grantTtl)
  return (
    <button
      type="button"
      class="session-extend"
      aria-label={t('extendOf', session.origin, time)}
      onClick={props.onExtend}
    >
      {t('extend', time)}
    </button>
  )
}

function LastCall(props: { session: SessionSummary; now: number }) {
  const call = props.session.lastCall
  if (call === null) return <p class="session-call">{t('noCallYet')}</p>
  const what = `${call.method} ${call.path}`
  return (
    <>
      <p class="session-call" title={what}>
        <bdi dir="ltr">
          <code>{what}</code>
        </bdi>
        <span>{callEnd(props.session, call, props.now)}</span>
      </p>
      {call.failover === undefined ? null : <p class="session-failover">{failoverText(call.failover)}</p>}
    </>
  )
}

const WHY = {
  unreachable: 'failoverUnreachable',
  timeout: 'failoverTimeout',
  '429': 'failoverTooMany',
  '5xx': 'failoverBroken',
} as const satisfies Record<FailoverTrigger, MessageName>

/** Where the call went on to, or came from, and why. */
function failoverText({ way, serviceLabel, on }: Failover): string {
  return t(way === 'to' ? 'failoverTo' : 'failoverFrom', labelText(serviceLabel), t(WHY[on]))
}

/** How the last call ended and when; under way is now. */
function callEnd(
  session: SessionSummary,
  call: NonNullable<SessionSummary['lastCall']>,
  now: number,
): string {
  if (call.decision === 'allow' && call.status === null && session.inFlight > 0) return t('callUnderWay')
  const said = call.decision === 'allow' ? (call.status ?? '') : t('refusedShort')
  return `${said} · ${momentText(call.at, now)}`
}
