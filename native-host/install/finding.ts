import type { Finding } from '../../shared/model/finding.ts'
import type { MendKind } from '../../shared/model/mend-kind.ts'
import { type Sentence, sentenceText } from '../../shared/model/said.ts'

export type { Finding } from '../../shared/model/finding.ts'

/** All is well. */
export function good(check: string, message: Sentence): Finding {
  return { check, state: 'ok', ...told(message), mend: null }
}

/** For the owner to know, with the command that changes it. */
export function notable(check: string, message: Sentence, mend: string | null): Finding {
  return { check, state: 'warn', ...told(message), mend }
}

/** Something does not work, with the command that mends it. */
export function broken(check: string, message: Sentence, mend: string): Finding {
  return { check, state: 'fail', ...told(message), mend }
}

/** The same finding, for a running host to mend by itself where the vault is open. */
export function mendable(finding: Finding, mends: MendKind): Finding {
  return { ...finding, mends }
}

function told(sentence: Sentence): Pick<Finding, 'message' | 'said'> {
  return { message: sentenceText(sentence), ...(typeof sentence === 'string' ? {} : { said: sentence }) }
}
