import { recordAct } from '../audit/write-audit.ts'
import type { OwnerContext } from './context.ts'

/**
 * Put an act of the owner in the audit, in the transaction of the change itself.
 *
 * @param act `noun.verb`, e.g. `service.add`.
 * @param subject id or name of what it was done to. Never a secret.
 */
export function record(context: OwnerContext, act: string, subject: string): void {
  recordAct(context.store, context.keys, { act, subject, by: context.by, now: context.now() })
}
