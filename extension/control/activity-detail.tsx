import type { ComponentChildren } from 'preact'
import type { Capability } from '../../shared/model/capability.ts'
import { bytesText } from '../ui/bytes-text.ts'
import { ForeignText } from '../ui/foreign-text.tsx'
import { momentInFull } from '../ui/moment-text.ts'
import { OriginText } from '../ui/origin-text.tsx'
import { reasonText } from '../ui/reason-text.ts'
import { type MessageName, t, textLanguage } from '../ui/strings.ts'
import { costText, millisecondsText } from './activity-figures.ts'
import { type CallLine, callEnd } from './activity-line.ts'
import { CallerText } from './caller-text.tsx'

type Call = CallLine['call']
type Outcome = NonNullable<CallLine['outcome']>

const DECIDED = {
  allow: 'decidedAllow',
  ask: 'decidedAsk',
  deny: 'decidedDeny',
} as const satisfies Record<Call['decision'], MessageName>

/** All that the log has of one call: names, sizes and times, and nothing of what was in it. */
export function CallDetail(props: { line: CallLine; capabilities: readonly Capability[] | null }) {
  const { call, outcome } = props.line
  return (
    <dl class="activity-detail">
      <Decision line={props.line} />
      <Asked call={call} />
      {outcome === null ? null : <Ended outcome={outcome} currency={currencyOf(call, props.capabilities)} />}
      <Fact name="factRecord">
        <code dir="ltr">
          {props.line.sequence} · {call.id}
        </code>
      </Fact>
    </dl>
  )
}

function Decision(props: { line: CallLine }) {
  const { call } = props.line
  const why = call.decision === 'allow' ? '' : reasonText(call.reason)
  return (
    <>
      <Fact name="factTime">{momentInFull(call.at)}</Fact>
      <Fact name="factDecision">
        {t(callEnd(props.line) === 'refused' ? 'decidedDeny' : DECIDED[call.decision])}
        {why === '' ? null : (
          <>
            {' '}
            · <bdi>{why}</bdi>
          </>
        )}
      </Fact>
      <Fact name="factRule">{call.rule === null ? t('noRuleMatched') : <Code text={call.rule} />}</Fact>
      {call.insteadOf === undefined ? null : (
        <Fact name="factInstead">
          {t('insteadOfAnother', call.insteadOf.on)} <Code text={call.insteadOf.intent} />
        </Fact>
      )}
    </>
  )
}

function Asked(props: { call: Call }) {
  const { call } = props
  return (
    <>
      <Fact name="factAddress">
        {call.url === null ? t('noUrl') : <Code text={`${call.method} ${call.url}`} />}
      </Fact>
      <Names name="factQuery" names={call.query} />
      <Names name="factHeaders" names={call.headers} />
      <Fact name="factSite">
        <CallerText origin={call.origin} />
        {call.topOrigin === null || call.topOrigin === call.origin ? null : (
          <>
            {' '}
            {t('insideOf')} <OriginText origin={call.topOrigin} />
          </>
        )}
      </Fact>
      {call.service === null ? null : <Fact name="factService">{call.service}</Fact>}
      {call.capability === null ? null : <Fact name="factCapability">{call.capability}</Fact>}
      {call.session === null ? null : (
        <Fact name="factSession">
          <Code text={call.session} />
        </Fact>
      )}
    </>
  )
}

function Ended(props: { outcome: Outcome; currency: string | null }) {
  const { outcome } = props
  const { status, problem, requestBytes, responseBytes, tokens, cost, redactions } = outcome
  const figures = new Intl.NumberFormat(textLanguage())
  return (
    <>
      {status === null ? null : <Fact name="factStatus">{status}</Fact>}
      {problem === null ? null : <Fact name="factProblem">{reasonText(problem)}</Fact>}
      <Fact name="factTimings">
        <Timings outcome={outcome} />
      </Fact>
      <Fact name="factSizes">{t('sizesOf', bytesText(requestBytes), bytesText(responseBytes))}</Fact>
      {tokens === null ? null : (
        <Fact name="factTokens">
          {t('tokensOf', figures.format(tokens.input), figures.format(tokens.output))}
        </Fact>
      )}
      {cost === null ? null : <Fact name="factCost">{costText(cost, props.currency)}</Fact>}
      {redactions === 0 ? null : <Fact name="factRedactions">{figures.format(redactions)}</Fact>}
    </>
  )
}

function Timings(props: { outcome: Outcome }) {
  const { milliseconds, durations } = props.outcome
  if (durations === null) return millisecondsText(milliseconds)
  const { decide, upstream, body } = durations
  return t('timingsOf', millisecondsText(decide), millisecondsText(upstream), millisecondsText(body))
}

function Names(props: { name: MessageName; names: readonly string[] }) {
  if (props.names.length === 0) return null
  return (
    <Fact name={props.name}>
      <Code text={props.names.join(', ')} />
    </Fact>
  )
}

/** What a page chose is shown as what it is, from left to right. */
function Code(props: { text: string }) {
  return (
    <code dir="ltr">
      <ForeignText text={props.text} />
    </code>
  )
}

function Fact(props: { name: MessageName; children: ComponentChildren }) {
  return (
    <div class="activity-fact">
      <dt>{t(props.name)}</dt>
      <dd>{props.children}</dd>
    </div>
  )
}

function currencyOf(call: Call, capabilities: readonly Capability[] | null): string | null {
  return capabilities?.find(({ id }) => id === call.capability)?.limits.prices?.currency ?? null
}
