import type { CapabilityDifference } from '../../shared/model/capability-edit.ts'
import type { PresetChange, PresetDifference, ServicePart } from '../../shared/model/preset-change.ts'
import { bodyRuleText } from '../policy/body-rule-text.ts'
import { pricesText } from './parse-money.ts'

/** What a part of a service is about, before what it says. */
const PARTS: Readonly<Record<ServicePart, string>> = {
  denied: 'never allowed',
  minting: 'gives out keys',
  'denied-field': 'field refused',
  'denied-field-below': 'field refused at any depth',
  'stripped-header': 'header taken off',
  'stripped-query': 'query parameter taken off',
  'stripped-json': 'member of the body taken off',
  'stripped-form': 'field of a form taken off',
  'allowed-header': 'header that pages may send',
  'sent-header': 'header that is added',
  'base-url': 'where it lives',
  auth: 'how the key is given',
  queue: 'how its queue is read',
  'model-lists': 'models left out of lists',
  placeholder: 'what pages get in place of the key',
  label: 'name',
  hazard: 'good to know',
}

/** A change of a preset as the lines of a difference: `-` for what is stored, `+` for what the preset says. */
export function changeText({ id, capability, what }: PresetChange): string {
  const where = capability === null ? '' : `${capability}: `
  return [`${id}`, ...what.flatMap(linesOf).map((line) => `  ${line[0]} ${where}${line.slice(2)}`)].join('\n')
}

function linesOf(difference: PresetDifference): string[] {
  if (difference.kind === 'service') {
    const { part, name, was, now } = difference
    // What an entry of a list says is its own name.
    const about = (text: string) =>
      `${PARTS[part]} ${text === name || name === '' ? text : `${name}: ${text}`}`
    return beforeAndAfter(was, now, about)
  }
  if (difference.kind === 'label')
    return beforeAndAfter(difference.was, difference.now, (text) => `name ${text}`)
  return capabilityLines(difference)
}

/** The same for one difference of a capability. */
export function capabilityLines(difference: CapabilityDifference): string[] {
  switch (difference.kind) {
    case 'rule': {
      const { pattern, was, now } = difference
      return beforeAndAfter(was, now, (effect) => `${effect} ${pattern}`)
    }
    case 'model':
      return [`${difference.now ? '+' : '-'} model ${difference.name}`]
    case 'model-list':
      return [difference.now ? '+ only named models' : '- only named models']
    case 'condition': {
      const { rule, now, frees = [] } = difference
      const freed = frees.length === 0 ? '' : ` (lets ${frees.join(', ')} through, which the service refuses)`
      return [`${now ? '+' : '-'} body ${bodyRuleText(rule)}${freed}`]
    }
    case 'limit': {
      const { name, was, now } = difference
      return beforeAndAfter(was ?? 'none', now ?? 'none', (figure) => `${name} ${figure}`)
    }
    case 'prices':
      return beforeAndAfter(difference.was, difference.now, (prices) => `prices ${pricesText(prices)}`)
    case 'period':
      return beforeAndAfter(difference.was, difference.now, (period) => `budget period ${period}`)
    case 'failover':
      return beforeAndAfter(difference.was, difference.now, ({ capability, on, models, wait }) => {
        const renamed = models.map(({ from, to }) => ` ${from ?? '*'}=${to}`).join('')
        return `failover to ${capability} on ${on.join(',')}${renamed}${wait === null ? '' : ` after ${wait}s`}`
      })
  }
}

function beforeAndAfter<T>(was: T | null, now: T | null, text: (one: T) => string): string[] {
  return [...(was === null ? [] : [`- ${text(was)}`]), ...(now === null ? [] : [`+ ${text(now)}`])]
}
