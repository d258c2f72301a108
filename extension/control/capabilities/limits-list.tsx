import type { Capability } from '../../../shared/model/capability.ts'
import { EDITABLE_LIMITS, type EditableLimit } from '../../../shared/model/capability-bounds.ts'
import type { BudgetSummary, Measure } from '../../../shared/protocol/budget-commands.ts'
import { ForeignText } from '../../ui/foreign-text.tsx'
import { t } from '../../ui/strings.ts'
import { limitName, limitText } from './limit-words.ts'
import { periodText } from './period-words.ts'
import { pricesText } from './price-words.ts'

/** The limits of a capability that there are, with what was used of those that are counted over all sessions, and its prices. */
export function LimitsList(props: { capability: Capability; budget: BudgetSummary | undefined }) {
  const { limits } = props.capability
  const currency = limits.prices?.currency ?? ''
  const shown = EDITABLE_LIMITS.filter((name) => limits[name] !== null)
  const isCounted = limits.maxTokens !== null || limits.maxCost !== null
  return (
    <dl class="limits">
      {shown.map((name) => {
        const used = usedOf(name, props.budget)
        return (
          <div key={name}>
            <dt>{limitName(name)}</dt>
            <dd>
              {limitText(name, limits[name], currency)}
              {used === null ? null : (
                <span class="small soft">
                  {' · '}
                  {t('usedInPeriod', limitText(name, used.spent, currency), periodText(limits.period))}
                </span>
              )}
            </dd>
          </div>
        )
      })}
      {isCounted ? (
        <div>
          <dt>{t('limitPeriod')}</dt>
          <dd>{periodText(limits.period)}</dd>
        </div>
      ) : null}
      {limits.prices === null ? null : (
        <div>
          <dt>{t('pricesOwn')}</dt>
          <dd>
            <ForeignText text={pricesText(limits.prices)} />
          </dd>
        </div>
      )}
    </dl>
  )
}

function usedOf(name: EditableLimit, budget: BudgetSummary | undefined): Measure | null {
  if (name === 'maxTokens') return budget?.tokens ?? null
  return name === 'maxCost' ? (budget?.cost ?? null) : null
}
