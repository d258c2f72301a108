import { useState } from 'preact/hooks'
import type { SessionSummary } from '../../shared/protocol/session-commands.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Notice } from '../ui/notice.tsx'
import { OriginText } from '../ui/origin-text.tsx'
import { StreamingDot } from '../ui/streaming-dot.tsx'
import { t } from '../ui/strings.ts'
import { Waiting } from '../ui/waiting.tsx'
import { ConnectForm } from './connect-form.tsx'
import { liveSessions } from './live-sessions.ts'
import { LookedAt } from './looked-at.tsx'
import type { PopupModel } from './model.ts'
import { PageKeyNotices } from './page-keys.tsx'
import { PageNotices } from './page-notices.tsx'
import type { PopupState } from './popup-state.ts'
import { RefusedCall } from './refused-call.tsx'
import { SitePlaceholders } from './site-placeholders.tsx'

/** The site in front: whether it is connected, what it may do, and the way to connect it. */
export function SiteCard(props: { state: PopupState; model: PopupModel }) {
  const { site } = props.state
  if (site === null)
    return (
      <Card title={t('thisSite')}>
        <Waiting text={t('siteStarting')} />
      </Card>
    )
  if (site.kind !== 'site') {
    return (
      <Card title={t('thisSite')}>
        <p class="soft">{t(site.kind === 'other' ? 'siteOther' : 'siteUnreadable')}</p>
      </Card>
    )
  }
  return <ReadableSite {...props} origin={site.origin} />
}

function ReadableSite(props: { state: PopupState; model: PopupModel; origin: string }) {
  const { state, model, origin } = props
  const [more, setMore] = useState(false)
  const sessions = liveSessions(state.owner, Date.now()).filter((session) => session.topOrigin === origin)
  const connected = sessions.length > 0
  const offered = offeredAfterMove(state, sessions)
  const streaming = sessions.some((session) => session.inFlight > 0)
  const label = t(connected ? (streaming ? 'siteStreaming' : 'siteConnected') : 'siteNotConnected')
  return (
    <Card title={t('thisSite')}>
      <div class="row">
        <StreamingDot state={connected ? (streaming ? 'streaming' : 'live') : 'off'} label={label} />
        <h2 class="grow">
          <OriginText origin={origin} />
        </h2>
      </div>
      {connected ? null : <p class="soft">{t('connectText')}</p>}
      {connected ? <SitePlaceholders sessions={sessions} owner={state.owner} /> : null}
      {connected && !more && offered === null ? (
        <Button kind="quiet" small onPress={() => setMore(true)}>
          {t('connectMore')}
        </Button>
      ) : (
        <ConnectForm key={offered} state={state} model={model} origin={origin} first={offered} />
      )}
      <Late {...props} connected={connected} />
    </Card>
  )
}

/**
 * What the browser and the host say of the page a moment after the popup is drawn. It is last on the card: what can be pressed above
 * stays where it is, under whatever hand is on its way.
 */
function Late(props: { state: PopupState; model: PopupModel; origin: string; connected: boolean }) {
  const { state, model, origin, connected } = props
  const refusal = standing(state)
  return (
    <>
      {connected && state.reachable === false ? <Unreachable model={model} /> : null}
      {refusal === null ? null : <RefusedCall refusal={refusal} site={origin} model={model} />}
      {connected ? <PageNotices state={state} model={model} /> : null}
      <PageKeyNotices state={state} model={model} />
      <LookedAt state={state} />
    </>
  )
}

/** What the page may be given for the key that was moved out of it; null: there is none, or it has something of that service. */
function offeredAfterMove({ movedKey }: PopupState, sessions: readonly SessionSummary[]): string | null {
  if (movedKey === null || sessions.some(({ service }) => service === movedKey.service.id)) return null
  return movedKey.service.capabilities[0] ?? null
}

/** The last call where it was refused for a reason that may still hold: one while everything was paused passes once it is not. */
function standing({ refusal, owner }: PopupState): PopupState['refusal'] {
  const isOver = refusal?.reason === 'vault-paused' && owner.state?.paused !== true
  return isOver ? null : refusal
}

/** A grant was made elsewhere, and the browser does not let our scripts run here yet. */
function Unreachable(props: { model: PopupModel }) {
  return (
    <Notice tone="warn">
      <p>{t('unreachableText')}</p>
      <Button small onPress={() => props.model.reach()}>
        {t('unreachableDo')}
      </Button>
    </Notice>
  )
}
