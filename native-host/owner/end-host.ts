import { say } from '../../shared/model/said.ts'
import { Refusal } from '../refusal.ts'
import { runningHosts } from '../sessions/running-hosts.ts'
import { endSession } from '../sessions/sessions.ts'
import type { OwnerContext } from './context.ts'
import { record } from './record.ts'

/**
 * End every live session that came about or was used through one host, wherever else it is used too.
 *
 * @param host id of a host that runs. @returns how many were live. @throws Refusal `unknown` where it does not run.
 */
export function endSessionsOf(context: OwnerContext, host: string): number {
  const { store, keys, now } = context
  return store.urgently(() => {
    const found = runningHosts(store, keys).find(({ id }) => id === host)
    if (found === undefined) throw new Refusal('unknown', say`there is no host \`${host}\` that runs`)
    const ended = found.sessions.filter((id) => endSession(store, keys, id, 'revoked', now()))
    for (const id of ended) record(context, 'session.revoke', id)
    return ended.length
  })
}
