import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Notice } from '../ui/notice.tsx'
import type { OwnerSnapshot } from '../ui/owner-view.ts'
import { counted, t } from '../ui/strings.ts'
import { useSight } from '../ui/use-sight.ts'
import { useStateOf } from '../ui/use-state-of.ts'
import { Waiting } from '../ui/waiting.tsx'
import { type LinesState, MOST_LINES } from './activity-lines.ts'
import { type ActivityModel, type Choice, EVERYTHING } from './activity-model.ts'
import { ActivityRow } from './activity-row.tsx'
import { LookingThrough } from './looking-through.tsx'

/** The lines, newest first. New ones come on top while its top is in sight; older ones when its end is. */
export function ActivityList(props: { model: ActivityModel; choice: Choice; owner: OwnerSnapshot }) {
  const { model, choice, owner } = props
  const state = useStateOf(model.lines)
  const top = useSight({ above: true }, (isReached) => {
    model.lines.follows = isReached
    if (isReached && model.lines.state.held.length > 0) model.lines.showHeld()
  })
  const { lines } = state
  return (
    <section class="stack" aria-label={t('activityLines')} aria-busy={state.isLooking}>
      <div ref={top} class="activity-top" />
      <NewLines state={state} onPress={() => toTop(model, top.current)} />
      {state.isNewest ? null : (
        <Button small onPress={() => model.again()}>
          {t('backToNewest')}
        </Button>
      )}
      {lines === null && state.trouble === null ? <Waiting text={t('readingLog')} /> : null}
      {lines?.length === 0 && !state.isLooking ? <Nothing choice={choice} model={model} /> : null}
      {lines === null || lines.length === 0 ? null : (
        <ol class="activity">
          {lines.map((line) => (
            <ActivityRow key={line.sequence} line={line} owner={owner} />
          ))}
        </ol>
      )}
      {state.trouble === null ? null : <Notice tone="danger">{state.trouble}</Notice>}
      {lines === null ? null : <End state={state} model={model} />}
    </section>
  )
}

/** What came while the owner was reading further down. Its room is always there, so that it is read aloud when it fills. */
function NewLines(props: { state: LinesState; onPress: () => void }) {
  const count = props.state.held.length
  return (
    <div class="activity-new" role="status">
      {count === 0 ? null : (
        <Button kind="primary" small onPress={props.onPress}>
          {counted('newLines', count)}
        </Button>
      )}
    </div>
  )
}

function Nothing(props: { choice: Choice; model: ActivityModel }) {
  const isFiltered = Object.entries(props.choice).some(
    ([key, value]) => value !== EVERYTHING[key as keyof Choice],
  )
  if (!isFiltered) return <EmptyState title={t('noActivityTitle')} text={t('noActivityText')} />
  return (
    <EmptyState title={t('noMatchTitle')} text={t('noMatchText')}>
      <Button onPress={() => props.model.clear()}>{t('filterNone')}</Button>
    </EmptyState>
  )
}

function End(props: { state: LinesState; model: ActivityModel }) {
  const { state, model } = props
  const isFull = (state.lines?.length ?? 0) >= MOST_LINES
  const canGoOn = state.next !== null && !state.isLooking
  const end = useSight({ again: state.lines?.length }, (isReached) => {
    const { next, isLooking, lines, trouble, isStopped } = model.lines.state
    const isOwnersTurn = trouble !== null || isStopped || (lines?.length ?? 0) >= MOST_LINES
    if (isReached && next !== null && !isLooking && !isOwnersTurn) void model.lines.older()
  })
  return (
    <div ref={end} class="activity-end">
      {state.isLooking ? (
        <LookingThrough looked={state.looked} of={state.head} onStop={() => model.lines.stop()} />
      ) : null}
      {canGoOn ? (
        <Button onPress={() => void model.lines.older()}>{t(isFull ? 'olderList' : 'olderLines')}</Button>
      ) : null}
      {state.next === null && (state.lines?.length ?? 0) > 0 ? (
        <p class="small soft">{t('noOlderLines')}</p>
      ) : null}
    </div>
  )
}

function toTop(model: ActivityModel, top: HTMLElement | null): void {
  model.lines.showHeld()
  top?.scrollIntoView({ block: 'center' })
}
