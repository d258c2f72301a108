import { Problem } from '../problem.ts'
import { Refusal } from '../refusal.ts'
import type { Store } from '../store/store.ts'

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
    throw asProblem(failure)
  }
}

/** The same in one transaction with what other calls write down in this turn. Resolves when it is durable. */
export async function writtenTogether<T>(store: Store, work: () => T): Promise<T> {
  try {
    return await store.together(work)
  } catch (failure) {
    throw asProblem(failure)
  }
}

function asProblem(failure: unknown): unknown {
  if (!(failure instanceof Refusal) || failure.code === 'vault-locked') return failure
  return new Problem('audit-failed', 'audit-failed', { cause: failure })
}
