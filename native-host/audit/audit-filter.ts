import type { AuditFilter, AuditLine, CallEnd } from '../../shared/protocol/audit-reading.ts'

type CallLine = Extract<AuditLine, { call: unknown }>

/** True where a line is one of those that are looked for. */
export function isSought(line: AuditLine, where: AuditFilter): boolean {
  if (!isWithin('call' in line ? line.call.at : line.act.at, where)) return false
  if ('act' in line) return isAnyAct(where) && hasText(where.text, [line.act.act, line.act.subject])
  return where.kind !== 'acts' && isCallOf(line, where) && hasText(where.text, textsOf(line))
}

/** What a call came to. */
export function endOf({ call, outcome }: CallLine): CallEnd {
  if (call.kind === 'refusal') return 'refused'
  return outcome?.result ?? 'under-way'
}

function isWithin(at: number, { since, until }: AuditFilter): boolean {
  return (since === undefined || at >= since) && (until === undefined || at < until)
}

/** An act has none of what only calls have. */
function isAnyAct({ kind, origin, capability, service, decision, end, problem }: AuditFilter): boolean {
  const ofCalls = [origin, capability, service, decision, end, problem]
  return kind !== 'calls' && ofCalls.every((each) => each === undefined)
}

function isCallOf(line: CallLine, where: AuditFilter): boolean {
  const { call, outcome } = line
  return (
    (where.origin ?? call.origin) === call.origin &&
    (where.capability ?? call.capability) === call.capability &&
    (where.service ?? call.service) === call.service &&
    (where.decision ?? call.decision) === call.decision &&
    (where.end === undefined || where.end === endOf(line)) &&
    (where.problem === undefined || where.problem === outcome?.problem)
  )
}

function textsOf({ call, outcome }: CallLine): (string | null | undefined)[] {
  const { origin, url, capability, service, reason, rule } = call
  return [origin, url, capability, service, reason, rule, outcome?.problem]
}

function hasText(sought: string | undefined, texts: readonly (string | null | undefined)[]): boolean {
  if (sought === undefined) return true
  const small = sought.toLowerCase()
  return texts.some((text) => text?.toLowerCase().includes(small))
}
