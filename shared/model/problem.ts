/**
 * The page's truth about one failure (RFC 9457). The owner's truth, with the exact reason, is the audit record.
 * No imports: pages' scripts bundle this file.
 */

/** Pages load this list: so written it is the shorter by a tenth. */
const told = <const Status extends number>(status: Status, title: string) => ({ status, title })

/** Every code a page can see with its HTTP status. Append only: front ends match on these strings. */
export const PROBLEMS = {
  malformed: told(400, 'The request could not be understood'),
  denied: told(403, 'This site may not make this call'),
  'approval-denied': told(403, 'The owner did not approve this call'),
  'session-ended': told(403, 'The session for this site has ended'),
  paused: told(403, 'The owner has paused all calls'),
  'too-large': told(413, 'The request is too large'),
  'vault-locked': told(423, 'The vault is locked'),
  'rate-limited': told(429, 'Too many calls'),
  'budget-spent': told(429, 'The budget for this site is spent'),
  internal: told(500, 'Valet Key failed'),
  'audit-failed': told(500, 'The call could not be recorded, so it was not sent'),
  'credential-unavailable': told(502, 'The credential for this service could not be obtained'),
  'upstream-unreachable': told(502, 'The service could not be reached'),
  'response-withheld': told(502, 'The response was withheld'),
  'host-unavailable': told(503, 'Valet Key is not running on this machine'),
  'upstream-timeout': told(504, 'The service did not answer in time'),
} as const

/** One of the closed set of problem codes. */
export type ProblemCode = keyof typeof PROBLEMS

/** Response header that names the problem. Removed from what an upstream sends, so that it cannot be forged. */
export const PROBLEM_HEADER = 'valet-key-problem'

/** Status, headers and JSON body of the response a page gets for a problem. */
export interface ProblemReply {
  readonly status: number
  readonly headers: [name: string, value: string][]
  readonly body: string
}

/**
 * Build the response for a problem.
 *
 * @param code one of {@link PROBLEMS}.
 * @param instance id of the audit record; absent where nothing was recorded (the host was not reached).
 * @param detail prose for the page's developer. Never holds a secret, a path of the machine or a rule.
 */
export function problemReply(code: ProblemCode, instance?: string, detail?: string): ProblemReply {
  const { status, title } = PROBLEMS[code]
  const body = JSON.stringify({
    type: `tag:valetkey.org,2026:problem:${code}`,
    title,
    status,
    ...(detail === undefined ? {} : { detail }),
    ...(instance === undefined ? {} : { instance: `urn:uuid:${instance}` }),
    code,
  })
  const headers: [string, string][] = [
    ['content-type', 'application/problem+json'],
    ['cache-control', 'no-store'],
    [PROBLEM_HEADER, code],
  ]
  return { status, headers, body }
}
