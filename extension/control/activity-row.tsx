import { useMemo, useState } from 'preact/hooks'
import type { AuditLine, CallEnd } from '../../shared/protocol/audit-reading.ts'
import { Chip } from '../ui/chip.tsx'
import { ForeignText } from '../ui/foreign-text.tsx'
import { dateText } from '../ui/moment-text.ts'
import { OriginText } from '../ui/origin-text.tsx'
import type { OwnerSnapshot } from '../ui/owner-view.ts'
import { reasonText } from '../ui/reason-text.ts'
import { type MessageName, t } from '../ui/strings.ts'
import { siteOfSubject, subjectText } from './act-subject.ts'
import { actText } from './act-text.ts'
import { CallDetail } from './activity-detail.tsx'
import { type ActLine, type CallLine, callEnd, lineAt, pathOf } from './activity-line.ts'
import { CallerText } from './caller-text.tsx'
import { capabilityName } from './capability-name.ts'

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

/** One line of the activity. A call opens to all that was recorded of it. */
export function ActivityRow(props: { line: AuditLine; owner: OwnerSnapshot }) {
  const { line } = props
  const [isOpen, setIsOpen] = useState(false)
  // There are up to a thousand of them, and hardly one changes with the page.
  const site = 'act' in line ? siteOfSubject(line.act.subject, props.owner) : null
  const about = aboutOf(line, props.owner)
  const head = useMemo(() => <Head line={line} site={site} about={about} />, [line, site, about])
  if ('act' in line) return <li class="activity-line activity-head">{head}</li>
  return (
    <li class="activity-line">
      <details onToggle={(event) => setIsOpen(event.currentTarget.open)}>
        <summary class="activity-head">{head}</summary>
        {isOpen ? <CallDetail line={line} capabilities={props.owner.capabilities} /> : null}
      </details>
    </li>
  )
}

/** What the owner calls the capability of a call, or what an act was about; null: there is none. */
function aboutOf(line: AuditLine, owner: OwnerSnapshot): string | null {
  if ('act' in line) return subjectText(line.act, owner) || null
  const { capability } = line.call
  return capability === null ? null : capabilityName(capability, owner)
}

/** @param props.site what an act was about, where that is a site and known still. @param props.about see {@link aboutOf}. */
function Head(props: { line: AuditLine; site: string | null; about: string | null }) {
  const { line } = props
  const at = lineAt(line)
  return (
    <>
      <time class="activity-time" dateTime={new Date(at).toISOString()}>
        {dateText(at)}
      </time>
      {'act' in line ? (
        <Act line={line} site={props.site} about={props.about} />
      ) : (
        <Call line={line} capability={props.about} />
      )}
    </>
  )
}

function Call(props: { line: CallLine; capability: string | null }) {
  const { call, outcome } = props.line
  const end = callEnd(props.line)
  const path = pathOf(call)
  const status = end === 'sent' ? (outcome?.status ?? null) : null
  const isError = status !== null && status >= 400
  return (
    <>
      <div class="activity-what">
        <code dir="ltr">
          {call.method} {path === null ? t('noUrl') : <ForeignText text={path} />}
        </code>
        <p class="small soft">
          <CallerText origin={call.origin} />
          {notesOf(props.line, props.capability).map((note) => (
            <span key={note}>
              {' '}
              · <bdi>{note}</bdi>
            </span>
          ))}
          {call.rule === null || end !== 'refused' ? null : (
            <>
              {' '}
              ·{' '}
              <span dir="ltr" class="activity-rule">
                <ForeignText text={call.rule} />
              </span>
            </>
          )}
        </p>
      </div>
      <Chip tone={isError ? 'warn' : ENDS[end].tone}>{status ?? t(ENDS[end].text)}</Chip>
    </>
  )
}

/** What else there is to say of a call in a few words. */
function notesOf(line: CallLine, capability: string | null): string[] {
  const { call, outcome } = line
  const why = reasonText(callEnd(line) === 'refused' ? call.reason : (outcome?.problem ?? ''))
  return [
    ...(capability === null ? [] : [capability]),
    ...(call.approvedBy === null || call.approvedBy === undefined
      ? []
      : [t(APPROVED[call.approvedBy.answer])]),
    ...(call.insteadOf === undefined ? [] : [t('insteadOfAnother', call.insteadOf.on)]),
    ...(call.count > 1 ? [t('manyTimes', call.count)] : []),
    ...(why === '' ? [] : [why]),
  ]
}

function Act(props: { line: ActLine; site: string | null; about: string | null }) {
  const { act } = props.line
  return (
    <>
      <div class="activity-what">
        <span>{actText(act.act)}</span>
        <p class="small soft" title={act.subject}>
          {props.site === null ? (
            <ForeignText text={props.about ?? ''} />
          ) : (
            <OriginText origin={props.site} />
          )}
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
