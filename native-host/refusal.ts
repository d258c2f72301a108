import type { RefusalCode } from '../shared/protocol/refusals.ts'

/** A command of the owner that was not carried out. The message is for the owner and never holds a secret. */
export class Refusal extends Error {
  readonly code: RefusalCode

  /**
   * @param code closed set, see `shared/protocol/refusals.ts`.
   * @param message one lower-case sentence that says what is wrong and, where there is one, the mend.
   */
  constructor(code: RefusalCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'Refusal'
    this.code = code
  }
}
