import type { Capability } from '../../shared/model/capability.ts'
import type { BudgetSummary } from '../../shared/protocol/budget-commands.ts'
import { capabilityWords } from '../ui/capability-words.ts'
import { Card } from '../ui/card.tsx'
import { useCatalogue } from '../ui/catalogue.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { Notice } from '../ui/notice.tsx'
import type { Owner } from '../ui/owner.ts'
import { counted, t } from '../ui/strings.ts'
import { Waiting } from '../ui/waiting.tsx'
import { BudgetCard } from './budget-card.tsx'
import './budgets-room.css'
import { isLimited } from './limited.ts'
import type { ControlModel, ControlState } from './model.ts'
import { capabilityHash } from './room.ts'
import { useAnswer } from './use-answer.ts'

const ASK = { name: 'budget-list' } as const

interface Budgeted {
  capability: Capability
  budget: BudgetSummary
  title: string
}

/** What every capability may use, what it used, and what is left. */
export function BudgetsRoom(props: { state: ControlState; model: ControlModel; owner: Pick<Owner, 'send'> }) {
  const { state, model } = props
  // The picture of the sessions is a new one after each change in the host.
  const { value, refusal, again } = useAnswer(props.owner, ASK, state.owner.sessions)
  const all = useBudgeted(state, value ?? [])
  const reset = async ({ capability, title }: Budgeted) => {
    await model.order({ name: 'budget-reset', capability: capability.id }, t('budgetWasReset', title))
    again()
  }
  const limited = all.filter(({ capability }) => isLimited(capability.limits))
  const free = all.filter(({ capability }) => !isLimited(capability.limits))
  return (
    <>
      <div class="stack-tight">
        <h1>{t('roomBudgets')}</h1>
        <p class="soft">{t('budgetsText')}</p>
      </div>
      {refusal === null ? null : <Notice tone="danger">{refusal}</Notice>}
      {value === null && refusal === null ? <Waiting text={t('readingBudgets')} /> : null}
      {value !== null && all.length === 0 ? (
        <EmptyState title={t('noBudgetsTitle')} text={t('noBudgetsText')}>
          <a href="#services">{t('noKeysDo')}</a>
        </EmptyState>
      ) : null}
      {limited.map((each) => (
        <BudgetCard key={each.capability.id} {...each} onReset={() => void reset(each)} />
      ))}
      {free.length === 0 ? null : <Unlimited all={free} />}
    </>
  )
}

function Unlimited(props: { all: readonly Budgeted[] }) {
  return (
    <Card title={t('budgetsFree')}>
      <div class="stack-tight">
        <h2>{t('budgetsFree')}</h2>
        <p class="small soft">{t('budgetsFreeText')}</p>
      </div>
      <ul class="budget-free">
        {props.all.map(({ capability, budget, title }) => (
          <li key={capability.id}>
            <a href={capabilityHash(capability.id)}>
              <bdi>{title}</bdi>
            </a>
            <span class="small soft">{counted('requests', callsOf(budget))}</span>
          </li>
        ))}
      </ul>
    </Card>
  )
}

/** Calls of the live sessions; more is not counted where nothing is limited. */
function callsOf(budget: BudgetSummary): number {
  return budget.sessions.reduce((sum, { requests }) => sum + requests.spent, 0)
}

/** The budgets with their capabilities; what was removed meanwhile is left out. */
function useBudgeted(state: ControlState, budgets: readonly BudgetSummary[]): Budgeted[] {
  const presets = useCatalogue()
  const { capabilities, services } = state.owner
  return budgets.flatMap((budget) => {
    const capability = capabilities?.find(({ id }) => id === budget.capability)
    if (capability === undefined) return []
    const service = services?.find(({ id }) => id === capability.service)
    return [{ capability, budget, title: capabilityWords(capability, service, presets).title }]
  })
}
