import type { Failover, FailoverTrigger } from '../../../shared/model/failover.ts'
import { durationText } from '../../ui/duration-text.ts'
import { type MessageName, t, textLanguage } from '../../ui/strings.ts'

const CAUSES = {
  unreachable: 'causeUnreachable',
  timeout: 'causeTimeout',
  '429': 'causeTooMany',
  '5xx': 'causeBroken',
} as const satisfies Record<FailoverTrigger, MessageName>

/** Reasons to go on elsewhere, in the order they are offered. */
export const TRIGGERS: readonly FailoverTrigger[] = ['unreachable', 'timeout', '429', '5xx']

/** A reason, as what a service does then: `cannot be reached`. */
export function causeText(trigger: FailoverTrigger, wait: number | null): string {
  if (trigger !== 'timeout' || wait === null) return t(CAUSES[trigger])
  return t('causeTimeoutIn', durationText(wait, 'long'))
}

/** What a failover does, in sentences. @param name what the capability is called that calls go on to. */
export function failoverText({ on, models, wait }: Failover, name: string): string {
  const causes = on.map((trigger) => causeText(trigger, wait))
  const list = new Intl.ListFormat(textLanguage(), { type: 'disjunction' }).format(causes)
  return `${t('failoverSays', list, name)} ${modelsText(models)}`
}

function modelsText(models: Failover['models']): string {
  if (models.length === 0) return t('failoverModelsKept')
  const names = models.map(({ from, to }) => t('failoverModel', from ?? t('failoverAnyModel'), to))
  const named = t('failoverModelsNamed', names.join(', '))
  return models.some(({ from }) => from === null) ? named : `${named} ${t('failoverModelsOnly')}`
}

/** True where the first service may have done what was asked before the call goes on. */
export function mayHappenTwice({ on }: Pick<Failover, 'on'>): boolean {
  return on.some((trigger) => trigger !== 'unreachable')
}
