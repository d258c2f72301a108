import type { ProblemCode } from '../shared/model/problem.ts'

/** A failure of one call, on its way to the page. `reason` is the owner's exact truth and never leaves the machine. */
export class Problem extends Error {
  readonly code: ProblemCode
  readonly reason: string

  /**
   * @param code what the page learns.
   * @param reason what the owner learns, from the closed set in `policy/reason.ts` or a cause such as `tls-expired`. Never holds a secret.
   */
  constructor(code: ProblemCode, reason: string, options?: ErrorOptions) {
    super(reason, options)
    this.name = 'Problem'
    this.code = code
    this.reason = reason
  }
}
