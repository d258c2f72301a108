import type { Session } from '../../shared/model/grant.ts'
import { said, say } from '../../shared/model/said.ts'
import type { Command } from '../../shared/protocol/commands.ts'
import { Refusal } from '../refusal.ts'
import type { Live } from '../sessions/live.ts'
import { LOOKS } from './looks.ts'

/** Refusals that say the order itself was wrong: nothing was to be ended. */
const WRONG_ORDERS: readonly Refusal['code'][] = ['malformed', 'unknown', 'in-use']

/**
 * Carry out an order so that whatever it ends, or pauses, has ended when this returns, in the one order that leaves no gap:
 *
 * 1. Refuse new, in this process, without waiting for the disk: no call of these sessions, or of any where all are paused, passes from here on.
 * 2. Abort what is in flight, queued or parked in this process: its sockets close, its pages get nothing more.
 * 3. Commit the end. From here on no process records an intent, and none gives a request that still waits for a name, a
 *    connection or a handshake to its socket, nor a chunk to a page: others look before each, and every 50 ms besides.
 * 4. Acknowledge: this returns.
 *
 * @param carryOut the order itself; whatever it commits is durable when it returns.
 * @throws Refusal as `carryOut` does, for orders that end sessions with what was done all the same.
 */
export async function bindAtOnce<T>(command: Command, live: Live, carryOut: () => Promise<T>): Promise<T> {
  const isChosen = chosenBy(command)
  if (isChosen !== null) stop(live, isChosen)
  if (command.name === 'vault-pause') live.pause()
  try {
    const result = await carryOut()
    if (command.name === 'vault-resume') live.resume()
    return result
  } catch (failure) {
    const stopsNothing = isChosen === null && command.name !== 'vault-pause'
    throw stopsNothing || isWrongOrder(failure) ? failure : stoppedHere(failure)
  } finally {
    // This process's own commits do not show in `data_version`.
    if (!LOOKS.has(command.name)) live.refresh()
  }
}

function stop(live: Live, isChosen: (session: Session) => boolean): void {
  try {
    live.stop(isChosen)
  } catch {
    // The vault cannot be read: then nothing passes, and what was in flight is cut by the watch.
  }
}

/** For an order to end sessions that failed, for want of room on the disk or because the vault is damaged. */
function stoppedHere(failure: unknown): Refusal {
  const code = failure instanceof Refusal ? failure.code : 'internal'
  const why =
    failure instanceof Refusal ? (failure.said ?? failure.message) : 'the vault could not be written'
  return new Refusal(
    code,
    say`${said(why)}, but what ran through this browser was stopped; order it again later`,
  )
}

function isWrongOrder(failure: unknown): boolean {
  return failure instanceof Refusal && WRONG_ORDERS.includes(failure.code)
}

/** The sessions an order ends; null for orders that end none. */
function chosenBy(command: Command): ((session: Session) => boolean) | null {
  if (command.name === 'grant-remove') return ({ grant }) => grant === command.id
  if (command.name === 'capability-remove') return ({ capability }) => capability === command.id
  if (command.name === 'service-remove') return ({ service }) => service === command.id
  if (command.name === 'site-release')
    return ({ origin, topOrigin }) => origin === command.origin && topOrigin === command.topOrigin
  if (command.name !== 'session-revoke') return null
  const { id, origin, all } = command
  // SECURITY: an order that names nothing, or two things, is refused and ends nothing.
  if ([id, origin, all].filter((each) => each !== undefined).length !== 1) return null
  return (session) =>
    all === true ||
    session.id === id ||
    (origin !== undefined && [session.origin, session.topOrigin].includes(origin))
}
