import type { AuditFilter, AuditLine } from '../../shared/protocol/audit-reading.ts'
import { type CallFacts, endOf, type Facts, factsOf } from './line-facts.ts'

/** True where a line is one of those that are looked for. */
export function isSought(line: AuditLine, where: AuditFilter): boolean {
  return mayBeSought(factsOf(line), where)
}

/** True where a line is one of those, and where that turns on a text that `facts` do not have. */
export function mayBeSought(facts: Facts, where: AuditFilter): boolean {
  if (!isWithin(facts.at, where)) return false
  const isOf = facts.kind === 'act' ? isAnyAct(where) : where.kind !== 'acts' && isCallOf(facts, where)
  return isOf && (where.text === undefined || hasText(where.text, textsOf(facts)))
}

/** An act has none of what only calls have. */
function isAnyAct(where: AuditFilter): boolean {
  const { kind, origin, capability, service, decision, end, problem, reason } = where
  const ofCalls = [origin, capability, service, decision, end, problem, reason]
  return kind !== 'calls' && ofCalls.every((each) => each === undefined)
}

/** True where most lines are likely to be other ones than those that are looked for. */
export function isNarrow(where: AuditFilter): boolean {
  const { since: _, until: __, kind, ...rest } = where
  return kind === 'acts' || Object.values(rest).some((each) => each !== undefined)
}

function isWithin(at: number, { since, until }: AuditFilter): boolean {
  return (since === undefined || at >= since) && (until === undefined || at < until)
}

function isCallOf(facts: CallFacts, where: AuditFilter): boolean {
  return (
    (where.origin ?? facts.origin) === facts.origin &&
    (where.capability ?? facts.capability) === facts.capability &&
    (where.service ?? facts.service) === facts.service &&
    (where.decision ?? facts.decision) === facts.decision &&
    (where.reason ?? facts.reason) === facts.reason &&
    (where.end === undefined || where.end === endOf(facts)) &&
    (where.problem === undefined || where.problem === facts.problem)
  )
}

/** Undefined for one that is not known. */
function textsOf(facts: Facts): (string | null | undefined)[] {
  if (facts.kind === 'act') return [facts.act, facts.subject]
  const { origin, url, capability, service, reason, rule, problem } = facts
  return [origin, url, capability, service, reason, rule, problem]
}

function hasText(sought: string, texts: readonly (string | null | undefined)[]): boolean {
  const small = sought.toLowerCase()
  return texts.some((text) => text === undefined || text?.toLowerCase().includes(small))
}
