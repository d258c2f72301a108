import type { OwnerState } from '../../shared/protocol/owner-port.ts'

/** Whether a change that the host tells is of calls' starts and ends only: many times a second, and none of sessions or grants. */
export function isTraffic(before: OwnerState, after: OwnerState): boolean {
  const counts = after.inFlight !== before.inFlight || after.approvals !== before.approvals
  return after.vault === before.vault && after.live === before.live && counts
}
