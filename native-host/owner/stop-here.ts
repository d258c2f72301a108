import type { Session } from '../../shared/model/grant.ts'
import type { Command } from '../../shared/protocol/commands.ts'
import { Refusal } from '../refusal.ts'
import type { Live } from '../sessions/live.ts'

/** Refusals that say the order itself was wrong: nothing was to be ended. */
const WRONG_ORDERS: readonly Refusal['code'][] = ['malformed', 'unknown', 'in-use']

/**
 * An order to end sessions failed, for want of room on the disk or because the vault is damaged: end them in this
 * process at least.
 *
 * @returns what to refuse the order with, saying what was done of it; `failure` itself for any other order.
 */
export function stopHere(command: Command, live: Live, failure: unknown): unknown {
  const isChosen = chosenBy(command)
  if (isChosen === null || isWrongOrder(failure)) return failure
  try {
    live.stop(isChosen)
  } catch {
    // The vault cannot be read: then nothing passes, and what was in flight is cut by the watch.
  }
  const code = failure instanceof Refusal ? failure.code : 'internal'
  const why = failure instanceof Refusal ? failure.message : 'the vault could not be written'
  return new Refusal(code, `${why}, but what ran through this browser was stopped; order it again later`)
}

function isWrongOrder(failure: unknown): boolean {
  return failure instanceof Refusal && WRONG_ORDERS.includes(failure.code)
}

/** The sessions an order ends; null for orders that end none. */
function chosenBy(command: Command): ((session: Session) => boolean) | null {
  if (command.name === 'grant-remove') return ({ grant }) => grant === command.id
  if (command.name === 'service-remove') return ({ service }) => service === command.id
  if (command.name !== 'session-revoke') return null
  const { id, origin, all } = command
  return (session) =>
    all === true ||
    session.id === id ||
    (origin !== undefined && [session.origin, session.topOrigin].includes(origin))
}
