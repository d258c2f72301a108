import { Problem } from '../problem.ts'
import { Refusal } from '../refusal.ts'

/**
 * Do what must be in the log before the call may go on. Where it cannot be written, the page learns that much and the
 * call is over: no audit, no send.
 *
 * @throws Problem `audit-failed`, with the store's refusal as its cause; Refusal `vault-locked`; whatever else `work` throws.
 */
export function written<T>(work: () => T): T {
  try {
    return work()
  } catch (failure) {
    if (!(failure instanceof Refusal) || failure.code === 'vault-locked') throw failure
    throw new Problem('audit-failed', 'audit-failed', { cause: failure })
  }
}
