import type { Capability } from '../../shared/model/capability.ts'
import type { BudgetSummary } from '../../shared/protocol/budget-commands.ts'
import { bytesText } from '../ui/bytes-text.ts'
import { Card } from '../ui/card.tsx'
import { dateText } from '../ui/moment-text.ts'
import { moneyText } from '../ui/money-text.ts'
import { numberText } from '../ui/number-text.ts'
import { OriginText } from '../ui/origin-text.tsx'
import { counted, type MessageName, t } from '../ui/strings.ts'
import { ConfirmButton } from './confirm-button.tsx'
import { MeasureBar } from './measure-bar.tsx'
import type { Amounts } from './measure-words.ts'

const PERIODS: Record<BudgetSummary['period'], MessageName> = {
  day: 'budgetPeriodDay',
  week: 'budgetPeriodWeek',
  month: 'budgetPeriodMonth',
  total: 'budgetPeriodTotal',
}

const TOKENS: Amounts = { whole: (figure) => counted('tokens', figure), part: numberText }
const CALLS: Amounts = { whole: (figure) => counted('requests', figure), part: numberText }
const BYTES: Amounts = { whole: bytesText }

/** What one capability with limits may use and used, over all sites and for each live session. */
export function BudgetCard(props: {
  budget: BudgetSummary
  capability: Capability
  title: string
  onReset: () => void
}) {
  const { budget, title } = props
  return (
    <Card title={title}>
      <div class="row-apart">
        <h2 class="grow">
          <bdi>{title}</bdi>
        </h2>
        <ConfirmButton
          text={t('budgetReset')}
          label={t('budgetResetOf', title)}
          question={t('budgetResetAsk')}
          onConfirm={props.onReset}
        />
      </div>
      <Shared {...props} />
      {budget.sessions.map((session) => (
        <SessionMeasures key={session.id} session={session} capability={props.capability} />
      ))}
      {budget.sessions.length === 0 ? <p class="small soft">{t('budgetNoSession')}</p> : null}
    </Card>
  )
}

/** Tokens and money, which all sessions of a capability use together, and when some of it comes back. */
function Shared(props: { budget: BudgetSummary; capability: Capability }) {
  const { budget } = props
  const { limits } = props.capability
  if (limits.maxTokens === null && limits.maxCost === null) return null
  const { cost, freesAt, calls, unknown } = budget
  return (
    <div class="stack">
      {limits.maxTokens === null ? null : (
        <MeasureBar name={t('budgetTokens')} measure={budget.tokens} amounts={TOKENS} />
      )}
      {cost === null || limits.maxCost === null ? null : (
        <MeasureBar
          name={t('budgetMoney')}
          measure={cost}
          amounts={{ whole: (figure) => moneyText(figure, cost.currency) }}
        />
      )}
      <p class="small soft">
        {[
          t(PERIODS[budget.period]),
          counted('budgetCalls', calls),
          ...(unknown === 0 ? [] : [t('budgetUnknown', numberText(unknown))]),
          ...(freesAt === null ? [] : [t('budgetFrees', dateText(freesAt))]),
        ].join(' · ')}
      </p>
    </div>
  )
}

function SessionMeasures(props: { session: BudgetSummary['sessions'][number]; capability: Capability }) {
  const { session, capability } = props
  const { maxBytes, maxBytesUp } = capability.limits
  return (
    <section class="stack budget-session" aria-label={t('budgetSessionOf', session.origin)}>
      <div class="row">
        <h3>
          <OriginText origin={session.origin} />
        </h3>
        {session.running === 0 ? null : (
          <span class="small soft">{counted('inFlight', session.running)}</span>
        )}
      </div>
      <MeasureBar name={t('budgetRequests')} measure={session.requests} amounts={CALLS} />
      {maxBytes === null ? null : (
        <MeasureBar name={t('budgetBytes')} measure={session.bytes} amounts={BYTES} />
      )}
      {maxBytesUp === null ? null : (
        <MeasureBar name={t('budgetBytesUp')} measure={session.bytesUp} amounts={BYTES} />
      )}
    </section>
  )
}
