import { useEffect } from 'preact/hooks'
import { CountdownRing } from '../ui/countdown-ring.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Notice } from '../ui/notice.tsx'
import { t } from '../ui/strings.ts'
import { useNow } from '../ui/use-now.ts'
import { useStateOf } from '../ui/use-state-of.ts'
import { Waiting } from '../ui/waiting.tsx'
import { ApproveAnswers } from './approve-answers.tsx'
import './approve-app.css'
import { useTranslations } from '../ui/translations.ts'
import type { ApproveModel, ApproveState } from './approve-model.ts'
import { ApproveRequest } from './approve-request.tsx'

/** Seconds before the end at which it is said aloud that time runs out. */
const SAID_AT = [30, 10]

/** The window that asks. */
export function ApproveApp(props: { model: ApproveModel }) {
  const state = useStateOf(props.model)
  useTranslations()
  const { shown } = state
  // One call is never drawn into the elements of another: scrolled places, opened folds and the focus begin anew.
  const key = shown === null ? 'nothing' : `${shown.id} ${shown.digest}`
  return (
    <div class="approve-app" key={key}>
      <Head state={state} />
      <div class="approve-body" data-about="">
        {state.isOver ? <Notice tone="warn">{t('approvalOver')}</Notice> : null}
        {shown === null ? <Nothing known={state.known} /> : <ApproveRequest approval={shown} />}
      </div>
      {shown === null ? null : <ApproveAnswers state={state} shown={shown} model={props.model} />}
    </div>
  )
}

function Head(props: { state: ApproveState }) {
  const { shown, position, total } = props.state
  const now = useNow()
  const place = t('approvalPosition', position, total)
  useEffect(() => {
    document.title =
      shown === null ? t('extName') : t('approvalTitle', shown.method, new URL(shown.origin).host)
  }, [shown])
  return (
    <header class="approve-head">
      <img src="/extension/icons/valet-key-32.png" alt="" />
      <span class="approve-name">{t('extName')}</span>
      {total > 1 ? <span class="small">{place}</span> : null}
      {shown === null ? null : <CountdownRing from={shown.at} to={shown.expiresAt} now={now} />}
      <span class="aloud" role="status">
        {shown === null ? '' : saidAloud(shown.expiresAt - now)}
      </span>
    </header>
  )
}

/** What a screen reader says of the time: at two moments, not every second. The text stays until the next. */
function saidAloud(left: number): string {
  const said = SAID_AT.findLast((seconds) => left <= seconds * 1000)
  return said === undefined ? '' : t('approvalTimeLeft', said)
}

function Nothing(props: { known: boolean }) {
  if (!props.known) return <Waiting text={t('starting')} />
  return <EmptyState whole title={t('approvalNone')} text={t('approvalNoneText')} />
}
