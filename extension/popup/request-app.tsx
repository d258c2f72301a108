import { useEffect } from 'preact/hooks'
import type { SiteRequest } from '../../shared/protocol/owner-port.ts'
import { CountdownRing } from '../ui/countdown-ring.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { ForeignText } from '../ui/foreign-text.tsx'
import { HostObstacle } from '../ui/host-obstacle.tsx'
import { OriginText } from '../ui/origin-text.tsx'
import type { Owner } from '../ui/owner.ts'
import { t } from '../ui/strings.ts'
import { useKeyboardScroll } from '../ui/use-keyboard-scroll.ts'
import { useNow } from '../ui/use-now.ts'
import { useStateOf } from '../ui/use-state-of.ts'
import { Waiting } from '../ui/waiting.tsx'
import './approve-app.css'
import './approve-request.css'
import { labelText, useTranslations } from '../ui/translations.ts'
import { RequestAnswers, RequestNo } from './request-answers.tsx'
import type { RequestModel, RequestState } from './request-model.ts'
import { offered } from './request-model.ts'

/** The window that shows what a page asks for. */
export function RequestApp(props: { model: RequestModel; owner: Pick<Owner, 'send'> }) {
  const state = useStateOf(props.model)
  useTranslations()
  const { shown } = state
  useEffect(() => {
    document.title = shown === null ? t('extName') : t('requestTitle', new URL(shown.origin).host)
  }, [shown])
  return (
    <div class="approve-app" key={shown?.id ?? 'nothing'}>
      <Head shown={shown} />
      <div class="approve-body" data-about="">
        {shown === null ? <Nothing known={state.known} /> : <Asked state={state} shown={shown} />}
        {shown === null ? null : (
          <HostObstacle
            screen={state.screen}
            snapshot={state.owner}
            owner={props.owner}
            onAgain={() => props.model.checkAgain()}
          />
        )}
      </div>
      {shown === null ? null : <Answers state={state} shown={shown} model={props.model} />}
    </div>
  )
}

function Head(props: { shown: SiteRequest | null }) {
  const now = useNow()
  return (
    <header class="approve-head">
      <img src="/extension/icons/valet-key-32.png" alt="" />
      <span class="approve-name">{t('extName')}</span>
      {props.shown === null ? null : (
        <CountdownRing from={props.shown.at} to={props.shown.expiresAt} now={now} />
      )}
    </header>
  )
}

/** Who asks, for what, and in which words of its own. */
function Asked(props: { state: RequestState; shown: SiteRequest }) {
  const { origin, topOrigin, reason } = props.shown
  return (
    <article class="stack" id="request">
      <div class="approve-who">
        <OriginText origin={origin} />
        {topOrigin === origin ? null : (
          <p class="small">
            {t('insideOf')} <OriginText origin={topOrigin} />
          </p>
        )}
        <Wish {...props} />
      </div>
      {reason === '' ? null : (
        <figure class="request-reason">
          <figcaption class="small soft">{t('requestReason')}</figcaption>
          <Reason text={reason} />
        </figure>
      )}
    </article>
  )
}

/** The service by the owner's own name for it; by the page's, as its claim, where the vault has none of the kind or is not open. */
function Wish(props: { state: RequestState; shown: SiteRequest }) {
  const { service } = offered(props.state)
  // What is not known yet is not called the page's alone.
  if (props.state.screen === 'starting') return null
  const isOwn = service !== null
  return (
    <h1>
      {t(isOwn ? 'requestWants' : 'requestWantsClaimed')}{' '}
      <ForeignText text={isOwn ? labelText(service.label) : props.shown.service} />
    </h1>
  )
}

function Reason(props: { text: string }) {
  return (
    <blockquote ref={useKeyboardScroll()}>
      <ForeignText text={props.text} />
    </blockquote>
  )
}

function Answers(props: { state: RequestState; shown: SiteRequest; model: RequestModel }) {
  const { state, shown, model } = props
  const { service, capabilities } = offered(state)
  const isOpen = state.screen === 'ready' || state.screen === 'no-keys' || state.screen === 'no-vault'
  if (service === null || capabilities.length === 0) {
    const lacks = !isOpen ? null : service === null ? 'key' : 'capability'
    return <RequestNo state={state} shown={shown} model={model} lacks={lacks} />
  }
  return <RequestAnswers state={state} shown={shown} model={model} capabilities={capabilities} />
}

function Nothing(props: { known: boolean }) {
  if (!props.known) return <Waiting text={t('starting')} />
  return <EmptyState whole title={t('requestNone')} text={t('requestNoneText')} />
}
