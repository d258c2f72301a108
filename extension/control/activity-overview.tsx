import type { ComponentChildren } from 'preact'
import type { NamedAuditCount } from '../../shared/protocol/audit-reading.ts'
import { Notice } from '../ui/notice.tsx'
import type { OwnerSnapshot } from '../ui/owner-view.ts'
import { reasonText } from '../ui/reason-text.ts'
import { counted, t } from '../ui/strings.ts'
import { labelText } from '../ui/translations.ts'
import { useStateOf } from '../ui/use-state-of.ts'
import type { ActivityModel, Choice } from './activity-model.ts'
import { CallerText } from './caller-text.tsx'
import { LookingThrough } from './looking-through.tsx'
import { Timeline } from './timeline/timeline.tsx'

/** Names in each list of who called the most. */
const TOP = 5
/** A count of fewer records than this is over before it can be read about. */
const WORTH_A_WORD = 10_000

/** Calls of the period, drawn, and who made the most of them. */
export function ActivityOverview(props: { model: ActivityModel; choice: Choice; owner: OwnerSnapshot }) {
  const { model, choice, owner } = props
  const state = useStateOf(model.counts)
  const labels = new Map((owner.services ?? []).map(({ id, label }) => [id, labelText(label)]))
  const calls = state.bars.reduce((sum, bar) => sum + bar.calls, 0)
  if (state.trouble !== null) return <Notice tone="danger">{state.trouble}</Notice>
  return (
    <section class="activity-overview" aria-label={t('overview')}>
      <Timeline
        state={state}
        span={choice.span}
        isByHour={choice.period === 'day'}
        onSpan={(span) => model.choose({ span })}
      />
      {calls === 0 ? null : (
        <div class="activity-tops">
          <div class="stack">
            <TopList
              title={t('topSites')}
              counts={state.sites}
              chosen={choice.origin}
              text={(name) => <CallerText origin={name} />}
              onChoose={(origin) => model.choose({ origin })}
            />
            <TopList
              title={t('topServices')}
              counts={state.services}
              chosen={choice.service}
              text={(name) => labels.get(name) ?? name}
              onChoose={(service) => model.choose({ service })}
            />
          </div>
          <div class="stack">
            <TopList
              title={t('topReasons')}
              counts={state.reasons}
              chosen={choice.reason}
              text={reasonText}
              onChoose={(reason) => model.choose({ reason })}
            />
            <TopList
              title={t('topProblems')}
              counts={state.problems}
              chosen={choice.problem}
              text={reasonText}
              onChoose={(problem) => model.choose({ problem })}
            />
          </div>
        </div>
      )}
      {state.isCounting && state.head > WORTH_A_WORD ? (
        <LookingThrough looked={state.looked} of={state.head} onStop={() => model.counts.stop()} />
      ) : null}
    </section>
  )
}

/**
 * Who made the most calls; each is a button that leaves only its own to be seen, and all again.
 *
 * Bars of HTML and not of the plotting library, on purpose: each has a long name of someone else's, to be shown as such, is
 * pressed, and is read aloud with its figures. Of all that a canvas would have a picture.
 */
function TopList(props: {
  title: string
  counts: readonly NamedAuditCount[]
  chosen: string
  text: (name: string) => ComponentChildren
  onChoose: (name: string) => void
}) {
  const most = props.counts[0]?.calls ?? 1
  if (props.counts.length === 0) return null
  return (
    <div class="stack-tight">
      <h2 class="activity-top-title">{props.title}</h2>
      <ol class="stack-tight">
        {props.counts.slice(0, TOP).map(({ name, calls, refused }) => (
          <li key={name}>
            <button
              type="button"
              class="activity-share"
              aria-pressed={props.chosen === name}
              onClick={() => props.onChoose(props.chosen === name ? '' : name)}
            >
              <bdi class="activity-share-name">{props.text(name)}</bdi>
              <span class="activity-share-count small soft">
                {counted('callCount', calls)}
                {refused === 0 || refused === calls ? null : ` · ${t('ofThemRefused', refused)}`}
              </span>
              <span class="activity-share-bar" aria-hidden="true">
                <span style={{ inlineSize: `${(100 * calls) / most}%` }} />
              </span>
            </button>
          </li>
        ))}
      </ol>
    </div>
  )
}
