import type { Failover, FailoverTrigger } from '../../../shared/model/failover.ts'

/** Where calls go on to, as their owner is changing it: everything as it stands in a field. */
export interface FailoverDraft {
  /** Id of a capability; empty until one is chosen. */
  capability: string
  on: readonly FailoverTrigger[]
  /** Seconds; empty: as for any call. */
  wait: string
  /** Models of the page and what they are called there; an empty `from` stands for any other. */
  models: readonly { from: string; to: string }[]
}

/** Parts of a draft that say nothing that could be saved. */
export type FailoverFault = 'capability' | 'on' | 'wait' | 'models'

/** What is named first: no answer at all. What the service did answer stays its answer. */
export const NEW_FAILOVER: FailoverDraft = {
  capability: '',
  on: ['unreachable', 'timeout'],
  wait: '',
  models: [],
}

/** Longest wait, seconds: an hour, after which no page is there any more. */
const LONGEST_WAIT = 3600

/** A failover as it stands in its fields; null for none. */
export function failoverDraft(failover: Failover | undefined): FailoverDraft | null {
  if (failover === undefined) return null
  const { capability, on, models, wait } = failover
  return {
    capability,
    on,
    wait: wait === null ? '' : String(wait),
    models: models.map(({ from, to }) => ({ from: from ?? '', to })),
  }
}

/** What is missing or cannot be read in a draft. */
export function failoverFaults({ capability, on, wait, models }: FailoverDraft): FailoverFault[] {
  return [
    ...(capability === '' ? ['capability' as const] : []),
    ...(on.length === 0 ? ['on' as const] : []),
    ...(on.includes('timeout') && waitOf(wait) === undefined ? ['wait' as const] : []),
    ...(models.some((_, at) => isNamedTwice(models, at) || isUnnamed(models, at)) ? ['models' as const] : []),
  ]
}

/** True for a row whose model an earlier one names already: it would never be looked at. */
export function isNamedTwice(models: FailoverDraft['models'], at: number): boolean {
  return models.slice(0, at).some(({ from }) => from.trim() === models[at]?.from.trim())
}

/** True for a row that does not say what the model is called there. */
export function isUnnamed(models: FailoverDraft['models'], at: number): boolean {
  return models[at]?.to.trim() === ''
}

/** What the draft says; null while something in it is missing. */
export function readFailover(draft: FailoverDraft): Failover | null {
  if (failoverFaults(draft).length > 0) return null
  const { capability, on, wait, models } = draft
  return {
    capability,
    on: [...on],
    models: models.map(({ from, to }) => ({ from: from.trim() === '' ? null : from.trim(), to: to.trim() })),
    wait: on.includes('timeout') ? (waitOf(wait) ?? null) : null,
  }
}

function waitOf(text: string): number | null | undefined {
  const plain = text.trim()
  if (plain === '') return null
  const seconds = /^\d{1,4}$/.test(plain) ? Number(plain) : 0
  return seconds >= 1 && seconds <= LONGEST_WAIT ? seconds : undefined
}
