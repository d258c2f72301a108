import type { HostState } from '../../shared/protocol/owner-port.ts'

/** Why a native port closed. */
export type HostEnding = Exclude<HostState, 'connecting' | 'connected'>

/**
 * What the browser's words on a closed native port mean. Measured on Chromium 156 and Firefox 153: both say "not found"
 * for a missing, unreadable or wrong manifest alike, and Firefox gives no error for a host that simply ended.
 *
 * @param message of `runtime.lastError` (Chromium) or `port.error` (Firefox); null where there was none.
 * @returns `exited` for everything that is neither missing nor forbidden.
 */
export function hostEndingOf(message: string | null): HostEnding {
  if (message === null) return 'exited'
  if (/native messaging host not found|no such native application/i.test(message)) return 'missing'
  if (/host is forbidden/i.test(message)) return 'forbidden'
  return 'exited'
}
