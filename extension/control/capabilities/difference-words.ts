import type { Effect, Prices } from '../../../shared/model/capability.ts'
import type { CapabilityDifference, CapabilityPreview } from '../../../shared/model/capability-edit.ts'
import { conditionWords } from '../../ui/condition-words.ts'
import { t } from '../../ui/strings.ts'
import { effectText } from './effect-words.ts'
import { failoverText } from './failover-words.ts'
import { limitName, limitText } from './limit-words.ts'
import { periodText } from './period-words.ts'
import { pricesText } from './price-words.ts'

/**
 * One thing that would be otherwise, as a sentence.
 *
 * @param currency of the capability's prices. @param nameOf what a capability of this id is called.
 */
export function differenceText(
  difference: CapabilityDifference,
  currency: string,
  nameOf = (id: string) => id,
): string {
  switch (difference.kind) {
    case 'rule':
      return ruleText(difference)
    case 'model':
      return t(difference.now ? 'diffModelNew' : 'diffModelGone', difference.name)
    case 'model-list':
      return t(difference.now ? 'diffModelsNamed' : 'diffModelsAny')
    case 'condition':
      return conditionText(difference)
    case 'failover':
      return goingOnText(difference, nameOf)
    case 'prices':
      return t('diffPrices', pricesOrNone(difference.was), pricesOrNone(difference.now))
    case 'period':
      return t('diffPeriod', periodText(difference.was), periodText(difference.now))
    case 'limit': {
      const { name, was, now } = difference
      return t('diffLimit', limitName(name), limitText(name, was, currency), limitText(name, now, currency))
    }
  }
}

function pricesOrNone(prices: Prices | null): string {
  return prices === null ? t('pricesNone') : pricesText(prices)
}

function conditionText({
  rule,
  now,
  frees = [],
}: Extract<CapabilityDifference, { kind: 'condition' }>): string {
  const words = conditionWords([rule]).join(' ')
  if (frees.length > 0) return t('diffConditionFrees', words, frees.join(', '))
  return t(now ? 'diffConditionNew' : 'diffConditionGone', words)
}

function ruleText({ pattern, was, now }: Extract<CapabilityDifference, { kind: 'rule' }>): string {
  if (was === null) return now === null ? pattern : t('diffRuleNew', pattern, effectText(now))
  if (now === null) return t('diffRuleGone', pattern, effectText(was))
  return t('diffRuleChanged', pattern, effectText(was), effectText(now))
}

function goingOnText(
  { was, now }: Extract<CapabilityDifference, { kind: 'failover' }>,
  nameOf: (id: string) => string,
): string {
  if (now === null) return t('diffFailoverGone', was === null ? '' : nameOf(was.capability))
  const text = failoverText(now, nameOf(now.capability))
  return was === null ? text : t('diffFailoverChanged', text, failoverText(was, nameOf(was.capability)))
}

const OPENNESS: Record<Effect, number> = { deny: 0, ask: 1, allow: 2 }

/** What would have become of the latest calls, a sentence each; one that says so where nothing would. */
export function replayTexts({ calls, changed, uncertain }: CapabilityPreview['replay']): string[] {
  if (calls === 0) return [t('replayNone')]
  const count = (isOne: (was: Effect, now: Effect) => boolean) =>
    changed.reduce((sum, each) => (isOne(each.was, each.now) ? sum + each.count : sum), 0)
  const refused = count((was, now) => now === 'deny' && was !== 'deny')
  const asked = count((was, now) => now === 'ask' && was === 'allow')
  const opened = count((was, now) => OPENNESS[now] > OPENNESS[was])
  const texts = [
    ...(refused === 0 ? [] : [t('replayRefused', refused, calls)]),
    ...(asked === 0 ? [] : [t('replayAsked', asked, calls)]),
    ...(opened === 0 ? [] : [t('replayOpened', opened, calls)]),
  ]
  if (texts.length === 0) texts.push(t('replaySame', calls))
  return uncertain === 0 ? texts : [...texts, t('replayUncertain', uncertain)]
}
