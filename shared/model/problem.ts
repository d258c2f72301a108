/**
 * The page's truth about one failure (RFC 9457). The owner's truth, with the exact reason, is the audit record.
 * No imports: pages' scripts bundle this file.
 */

/** Every code a page can see with its HTTP status. Append only: front ends match on these strings. */
export const PROBLEMS = {
  malformed: { status: 400, title: 'The request could not be understood' },
  denied: { status: 403, title: 'This site may not make this call' },
  'approval-denied': { status: 403, title: 'The owner did not approve this call' },
  'session-ended': { status: 403, title: 'The session for this site has ended' },
  paused: { status: 403, title: 'The owner has paused all calls' },
  'too-large': { status: 413, title: 'The request is too large' },
  'vault-locked': { status: 423, title: 'The vault is locked' },
  'rate-limited': { status: 429, title: 'Too many calls' },
  'budget-spent': { status: 429, title: 'The budget for this site is spent' },
  internal: { status: 500, title: 'Valet Key failed' },
  'audit-failed': { status: 500, title: 'The call could not be recorded, so it was not sent' },
  'credential-unavailable': { status: 502, title: 'The credential for this service could not be obtained' },
  'upstream-unreachable': { status: 502, title: 'The service could not be reached' },
  'response-withheld': { status: 502, title: 'The response was withheld' },
  'host-unavailable': { status: 503, title: 'Valet Key is not running on this machine' },
  'upstream-timeout': { status: 504, title: 'The service did not answer in time' },
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
