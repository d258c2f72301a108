import type { OwnerState } from '../../shared/protocol/owner-port.ts'

/** An open vault with two live sessions, of which the host has told everything. */
export const STATE: OwnerState = {
  host: 'connected',
  hostVersion: '1',
  hostProtocol: 1,
  vault: 'unlocked',
  live: 2,
  inFlight: 0,
  approvals: 0,
  paused: false,
}
