import type { ApprovalSummary } from '../../shared/model/approval.ts'
import { Button } from '../ui/button.tsx'
import { ForeignText } from '../ui/foreign-text.tsx'
import { OriginText } from '../ui/origin-text.tsx'
import { counted, t } from '../ui/strings.ts'
import type { PopupModel } from './model.ts'
import type { PopupState } from './popup-state.ts'
import './pending-approvals.css'
import { labelText } from '../ui/translations.ts'

/** Calls that wait for the owner, before everything else; they are answered in their own window only. */
export function PendingApprovals(props: { state: PopupState; model: PopupModel }) {
  const pending = props.state.owner.approvals ?? []
  if (pending.length === 0) return null
  const title = counted('pending', pending.length)
  return (
    <section class="pending stack-tight" aria-label={title}>
      <div class="row-apart">
        <h2>{title}</h2>
        {pending.some(({ here }) => here) ? (
          <Button kind="primary" small onPress={() => void props.model.showApprovals()}>
            {t('pendingShow')}
          </Button>
        ) : null}
      </div>
      <ul class="stack-tight">
        {pending.map((approval) => (
          <Pending key={approval.id} approval={approval} />
        ))}
      </ul>
    </section>
  )
}

function Pending(props: { approval: ApprovalSummary }) {
  const { origin, method, url, serviceLabel, here } = props.approval
  return (
    <li class="small">
      <OriginText origin={origin} />
      <span class="pending-call">
        <code dir="ltr">
          {method} <ForeignText text={URL.parse(url)?.pathname ?? url} />
        </code>
        <span class="soft">
          {' · '}
          <ForeignText text={labelText(serviceLabel)} />
          {here ? null : ` · ${t('pendingElsewhere')}`}
        </span>
      </span>
    </li>
  )
}
