import { useState } from 'preact/hooks'
import type { SessionSummary } from '../../shared/protocol/session-commands.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { OriginText } from '../ui/origin-text.tsx'
import { StreamingDot } from '../ui/streaming-dot.tsx'
import { t } from '../ui/strings.ts'
import { Waiting } from '../ui/waiting.tsx'
import { ConnectForm } from './connect-form.tsx'
import { liveSessions } from './live-sessions.ts'
import type { PopupModel } from './model.ts'
import { PageKeyOutcome } from './page-keys.tsx'
import type { PopupState } from './popup-state.ts'
import { SitePlaceholders } from './site-placeholders.tsx'
import type { Shows } from './told-of-page.ts'
import { ToldOfPage } from './told-of-page-cards.tsx'

/**
 * The site in front: whether it is connected, what it may do, and the way to connect it.
 *
 * @param props.shows what else of its page stands on the card, last.
 */
export function SiteCard(props: { state: PopupState; model: PopupModel; shows: Shows }) {
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

function ReadableSite(props: { state: PopupState; model: PopupModel; shows: Shows; origin: string }) {
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
        <ConnectForm
          key={offered}
          state={state}
          model={model}
          origin={origin}
          first={offered}
          onConnected={() => setMore(false)}
        />
      )}
      <PageKeyOutcome state={state} model={model} />
      <ToldOfPage state={state} model={model} shows={props.shows} />
    </Card>
  )
}

/** What the page may be given for the key that was moved out of it; null: there is none, or it has something of that service. */
function offeredAfterMove({ movedKey }: PopupState, sessions: readonly SessionSummary[]): string | null {
  if (movedKey === null || sessions.some(({ service }) => service === movedKey.service.id)) return null
  return movedKey.service.capabilities[0] ?? null
}
