import { useEffect, useState } from 'preact/hooks'
import type { Capability } from '../../../shared/model/capability.ts'
import type { BudgetSummary } from '../../../shared/protocol/budget-commands.ts'
import { capabilityWords } from '../../ui/capability-words.ts'
import { useCatalogue } from '../../ui/catalogue.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import type { Owner } from '../../ui/owner.ts'
import { t } from '../../ui/strings.ts'
import type { ControlModel, ControlState } from '../model.ts'
import { OPENAPI_HASH } from '../room.ts'
import './capabilities.css'
import { CapabilityPage } from './capability-page.tsx'
import { CapabilityRow } from './capability-row.tsx'

/** What sites can be given: all of it, or one capability. */
export function CapabilitiesRoom(props: {
  state: ControlState
  model: ControlModel
  owner: Pick<Owner, 'send'>
  /** The capability that is shown; null or one there is not: all of them. */
  shown: string | null
}) {
  const { owner } = props.state
  const catalogue = useCatalogue()
  const budgets = useBudgets(props.owner, owner.capabilities)
  const capabilities = owner.capabilities ?? []
  const serviceOf = (of: Capability) => owner.services?.find(({ id }) => id === of.service)
  const wordsOf = (of: Capability) => capabilityWords(of, serviceOf(of), catalogue)
  const nameOf = (id: string) => {
    const named = capabilities.find((each) => each.id === id)
    return named === undefined ? id : wordsOf(named).title
  }
  const one = capabilities.find(({ id }) => id === props.shown)
  if (one !== undefined) {
    return (
      <CapabilityPage
        key={one.id}
        {...props}
        capability={one}
        service={serviceOf(one)}
        words={wordsOf(one)}
        nameOf={nameOf}
        budget={budgets.find(({ capability }) => capability === one.id)}
      />
    )
  }
  const count = (list: readonly { capability: string }[] | null, id: string) =>
    (list ?? []).filter(({ capability }) => capability === id).length
  const live = (owner.sessions ?? []).filter(({ endedAt }) => endedAt === null)
  return (
    <>
      <div class="stack-tight">
        <h1>{t('roomCapabilities')}</h1>
        <p class="soft">{t('capabilitiesRoomText')}</p>
        <p>
          <a href={OPENAPI_HASH}>{t('fromOpenApi')}</a>
        </p>
      </div>
      {capabilities.length === 0 ? (
        <EmptyState title={t('noCapabilitiesTitle')} text={t('noCapabilitiesText')}>
          <a href="#services">{t('noKeysDo')}</a>
        </EmptyState>
      ) : (
        <ul class="list">
          {capabilities.map((each) => (
            <CapabilityRow
              key={each.id}
              capability={each}
              words={wordsOf(each)}
              sites={count(owner.grants, each.id)}
              live={count(live, each.id)}
            />
          ))}
        </ul>
      )}
    </>
  )
}

/** What was used, asked again whenever the page's picture of the host is new. */
function useBudgets(owner: Pick<Owner, 'send'>, fresh: unknown): BudgetSummary[] {
  const [budgets, setBudgets] = useState<BudgetSummary[]>([])
  useEffect(() => {
    let wanted = true
    owner
      .send({ name: 'budget-list' })
      .then((list) => {
        if (wanted) setBudgets(list)
      })
      // What was used is beside the point where the host cannot say it.
      .catch(() => {})
    return () => {
      wanted = false
    }
  }, [owner, fresh])
  return budgets
}
