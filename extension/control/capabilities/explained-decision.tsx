import type { ExplainedCall } from '../../../shared/protocol/capability-commands.ts'
import { Chip } from '../../ui/chip.tsx'
import { ForeignText } from '../../ui/foreign-text.tsx'
import { Notice } from '../../ui/notice.tsx'
import { reasonText } from '../../ui/reason-text.ts'
import { type MessageName, t } from '../../ui/strings.ts'
import { EFFECT_TONES, effectText } from './effect-words.ts'
import type { Explained } from './use-explained.ts'

/** What would be decided about a call, by which rule and why. */
export function ExplainedDecision(props: { explained: Explained }) {
  const { explained } = props
  if (explained === null) return <p class="small soft">{t('tryNothing')}</p>
  if ('trouble' in explained) return <Notice tone="danger">{explained.trouble}</Notice>
  const { call } = explained
  return (
    <div class="explained stack-tight">
      <Decision call={call} />
      {call.request === null || call.decision === 'deny' ? null : (
        <p class="small soft">
          {t('trySends')}{' '}
          <code dir="ltr">
            <ForeignText text={`${call.request.method} ${call.request.url}`} />
          </code>
        </p>
      )}
      {call.failover === undefined ? null : (
        <div class="stack-tight">
          <p class="small soft">{t('tryFailover', call.failover.capability)}</p>
          <Decision call={call.failover} />
        </div>
      )}
    </div>
  )
}

function Decision(props: { call: ExplainedCall }) {
  const { decision, reason, rule } = props.call
  return (
    <>
      <p class="row">
        <Chip tone={EFFECT_TONES[decision]}>{effectText(decision)}</Chip>
        <span>{decision === 'deny' ? reasonText(reason) : t(goesOn(decision, reason))}</span>
      </p>
      {rule === null ? null : (
        <p class="small">
          {t('tryRule')}{' '}
          <code dir="ltr">
            <ForeignText text={rule} />
          </code>
        </p>
      )}
    </>
  )
}

/** What becomes of a call that is not refused. */
function goesOn(decision: 'ask' | 'allow', reason: string): MessageName {
  if (decision === 'allow') return 'tryAllows'
  return reason === 'write-ask' ? 'tryAsksWrites' : 'tryAsks'
}
