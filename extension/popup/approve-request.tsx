import type { Approval } from '../../shared/model/approval.ts'
import { callEffect } from '../ui/call-effect.ts'
import { Chip } from '../ui/chip.tsx'
import { ForeignText } from '../ui/foreign-text.tsx'
import { OriginText } from '../ui/origin-text.tsx'
import { type MessageName, t } from '../ui/strings.ts'
import { useKeyboardScroll } from '../ui/use-keyboard-scroll.ts'
import { ApproveBody } from './approve-body.tsx'
import './approve-request.css'
import { labelText } from '../ui/translations.ts'

const EFFECTS = {
  reads: { text: 'effectReads', risks: ['riskRead'], tone: 'neutral' },
  changes: { text: 'effectChanges', risks: ['riskWrite', 'riskSpend'], tone: 'warn' },
  deletes: { text: 'effectDeletes', risks: ['riskDelete'], tone: 'danger' },
} as const satisfies Record<string, { text: MessageName; risks: readonly MessageName[]; tone: string }>

/** Who asks, for what, with which effect, and all of what would be sent. */
export function ApproveRequest(props: { approval: Approval }) {
  const { approval } = props
  const effect = EFFECTS[callEffect(approval.method)]
  return (
    <article class="stack" id="approve-request">
      <div class="approve-who">
        <OriginText origin={approval.origin} />
        {approval.topOrigin === approval.origin ? null : (
          <p class="small">
            {t('insideOf')} <OriginText origin={approval.topOrigin} />
          </p>
        )}
        <h1 id="approve-title">
          {t('approvalWants', approval.method)} <ForeignText text={labelText(approval.serviceLabel)} />
        </h1>
      </div>
      <div class="stack-tight">
        <p>
          {t(effect.text)} <ForeignText text={labelText(approval.serviceLabel)} />.
        </p>
        <div class="row chips">
          {effect.risks.map((risk) => (
            <Chip key={risk} tone={effect.tone}>
              {t(risk)}
            </Chip>
          ))}
        </div>
      </div>
      <Address approval={approval} />
      <ApproveBody body={approval.body} />
      <Headers headers={approval.headers} />
      <p class="small soft">
        {t(approval.why === 'write' ? 'approvalBecauseWrite' : 'approvalBecause')}{' '}
        <code>
          <ForeignText text={approval.rule} />
        </code>{' '}
        {t('approvalOfCapability')} <ForeignText text={labelText(approval.capabilityLabel)} />
      </p>
    </article>
  )
}

/** Method, host, path and query, in full. */
function Address(props: { approval: Approval }) {
  const { method, url } = props.approval
  const parsed = URL.parse(url)
  return (
    <p class="approve-address" dir="ltr" ref={useKeyboardScroll()}>
      <code>
        <strong>{method}</strong> {parsed === null ? null : <span class="soft">{parsed.host}</span>}
        <ForeignText text={parsed === null ? url : parsed.pathname + parsed.search} />
      </code>
    </p>
  )
}

function Headers(props: { headers: Approval['headers'] }) {
  if (props.headers.length === 0) return null
  return (
    <details class="small">
      <summary>{t('approvalHeaders')}</summary>
      <dl class="approve-fields" dir="ltr">
        {props.headers.map(([name, value]) => (
          <div key={name}>
            <dt>
              <ForeignText text={name} />
            </dt>
            <HeaderValue text={value} />
          </div>
        ))}
      </dl>
    </details>
  )
}

function HeaderValue(props: { text: string }) {
  return (
    <dd ref={useKeyboardScroll()}>
      <ForeignText text={props.text} />
    </dd>
  )
}
