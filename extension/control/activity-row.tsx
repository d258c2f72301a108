import { Chip } from '../ui/chip.tsx'
import { dateText } from '../ui/moment-text.ts'
import { OriginText } from '../ui/origin-text.tsx'
import { type MessageName, t } from '../ui/strings.ts'
import { actText } from './act-text.ts'
import { type ActivityLine, type CallEnd, callEnd, pathOf } from './activity-line.ts'
import { reasonText } from './reason-text.ts'

const ENDS: Record<CallEnd, { text: MessageName; tone: 'neutral' | 'good' | 'warn' | 'danger' }> = {
  refused: { text: 'endRefused', tone: 'danger' },
  'under-way': { text: 'endUnderWay', tone: 'neutral' },
  sent: { text: 'endSent', tone: 'good' },
  cut: { text: 'endCut', tone: 'warn' },
  failed: { text: 'endFailed', tone: 'warn' },
}

const APPROVED = {
  once: 'approvedOnce',
  'ten-minutes': 'approvedTenMinutes',
  session: 'approvedSession',
} as const satisfies Record<string, MessageName>

/** One line of the activity. */
export function ActivityRow(props: { line: ActivityLine }) {
  const { line } = props
  return (
    <li class="activity-line">
      <time class="activity-time" dateTime={new Date(line.at).toISOString()}>
        {dateText(line.at)}
      </time>
      {line.kind === 'call' ? <Call line={line} /> : <Act line={line} />}
    </li>
  )
}

function Call(props: { line: Extract<ActivityLine, { kind: 'call' }> }) {
  const { asked, outcome } = props.line
  const end = callEnd(props.line)
  const why = reasonText(end === 'refused' ? asked.reason : (outcome?.problem ?? ''))
  return (
    <>
      <div class="activity-what">
        <code dir="ltr">
          {asked.method} {pathOf(asked) ?? t('noUrl')}
        </code>
        <p class="small soft">
          <OriginText origin={asked.origin} />
          {asked.capability === null ? null : <bdi> · {asked.capability}</bdi>}
          {asked.approvedBy ? <bdi> · {t(APPROVED[asked.approvedBy.answer])}</bdi> : null}
          {asked.insteadOf ? <bdi> · {t('insteadOfAnother', asked.insteadOf.on)}</bdi> : null}
          {why ? <bdi> · {why}</bdi> : null}
          {asked.rule === null || end !== 'refused' ? null : <bdi dir="ltr"> · {asked.rule}</bdi>}
        </p>
      </div>
      <Chip tone={ENDS[end].tone}>
        {end === 'sent' && outcome?.status ? outcome.status : t(ENDS[end].text)}
      </Chip>
    </>
  )
}

function Act(props: { line: Extract<ActivityLine, { kind: 'act' }> }) {
  const { act } = props.line
  return (
    <>
      <div class="activity-what">
        <span>{actText(act.act)}</span>
        <p class="small soft">
          <bdi>{act.subject}</bdi>
        </p>
      </div>
      <Chip>{byText(act.by)}</Chip>
    </>
  )
}

/** By what hand it was done. */
function byText(by: string): string {
  if (by === 'cli') return t('byCli')
  if (by === 'clock') return t('byClock')
  if (by === 'call') return t('byCall')
  return by === 'extension' ? t('byExtension') : by
}
