import { type Said, type Sentence, sentenceText } from '../shared/model/said.ts'
import type { RefusalCode } from '../shared/protocol/refusals.ts'

/** A command of the owner that was not carried out. The message is for the owner and never holds a secret. */
export class Refusal extends Error {
  readonly code: RefusalCode
  /** The message with its values apart; null where it has none. */
  readonly said: Said | null

  /**
   * @param code closed set, see `shared/protocol/refusals.ts`.
   * @param message one lower-case sentence that says what is wrong and, where there is one, the mend.
   */
  constructor(code: RefusalCode, message: Sentence, options?: ErrorOptions) {
    super(sentenceText(message), options)
    this.name = 'Refusal'
    this.code = code
    this.said = typeof message === 'string' ? null : message
  }
}
