import type { Capability } from '../../../shared/model/capability.ts'
import type { BudgetSummary } from '../../../shared/protocol/budget-commands.ts'
import type { CapabilityWords } from '../../ui/capability-words.ts'
import { Card } from '../../ui/card.tsx'
import { conditionWords } from '../../ui/condition-words.ts'
import { ForeignText } from '../../ui/foreign-text.tsx'
import type { OwnerSnapshot } from '../../ui/owner-view.ts'
import { RiskChips } from '../../ui/risk-chips.tsx'
import { t } from '../../ui/strings.ts'
import { failoverText, mayHappenTwice } from './failover-words.ts'
import { GivenList } from './given-list.tsx'
import { LimitsList } from './limits-list.tsx'
import { RulesList } from './rules-list.tsx'

/** Everything there is to know of a capability. */
export function CapabilityFacts(props: {
  capability: Capability
  words: CapabilityWords
  budget: BudgetSummary | undefined
  owner: OwnerSnapshot
  /** What a capability of this id is called. */
  nameOf: (id: string) => string
}) {
  const { capability, owner } = props
  const grants = (owner.grants ?? []).filter((grant) => grant.capability === capability.id)
  const live = (owner.sessions ?? []).filter(
    (one) => one.capability === capability.id && one.endedAt === null,
  )
  return (
    <>
      <Card title={t('rules')}>
        <h2>{t('rules')}</h2>
        <RiskChips risks={props.words.risks} />
        <RulesList rules={capability.rules} />
        <Conditions capability={capability} />
      </Card>
      <Card title={t('limits')}>
        <h2>{t('limits')}</h2>
        <LimitsList capability={capability} budget={props.budget} />
        <GoingOn capability={capability} nameOf={props.nameOf} />
      </Card>
      <Card title={t('givenTo')}>
        <h2>{t('givenTo')}</h2>
        <GivenList grants={grants} live={live} />
      </Card>
    </>
  )
}

function Conditions(props: { capability: Capability }) {
  const { models, body } = props.capability
  const texts = [
    ...(models === null ? [] : [models.length === 0 ? t('modelsNone') : t('modelsOnly', models.join(', '))]),
    ...conditionWords(body),
  ]
  if (texts.length === 0) return null
  return (
    <ul class="stack-tight">
      {texts.map((text) => (
        <li key={text}>
          <ForeignText text={text} />
        </li>
      ))}
    </ul>
  )
}

function GoingOn(props: { capability: Capability; nameOf: (id: string) => string }) {
  const { failover } = props.capability
  if (failover === undefined) return null
  return (
    <div class="stack-tight">
      <h3>{t('failoverTitle')}</h3>
      <p>
        <ForeignText text={failoverText(failover, props.nameOf(failover.capability))} />
      </p>
      <p class="small soft">
        {t('failoverBoth')} {mayHappenTwice(failover) ? t('goesOnTwice') : null}
      </p>
    </div>
  )
}
