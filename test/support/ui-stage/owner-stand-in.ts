import type { Command } from '../../../shared/protocol/commands.ts'
import type { OwnerCommand, OwnerResults, OwnerState } from '../../../shared/protocol/owner-port.ts'

type Answer = unknown | ((command: OwnerCommand) => unknown)

export const OPEN: OwnerState = {
  host: 'connected',
  hostVersion: '0.1.0',
  hostProtocol: 1,
  vault: 'unlocked',
  live: 0,
  inFlight: 0,
  approvals: 0,
  paused: false,
}

/**
 * A stand-in for the line to background/ and the host: answers from a table, keeps what was ordered. It proves how the
 * pages behave, and nothing about the host.
 */
export class OwnerStandIn {
  readonly sent: OwnerCommand[] = []
  readonly answers: Record<string, Answer> = {
    status: {
      version: '0.1.0',
      protocol: 1,
      vault: 'unlocked',
      slots: [],
      services: 1,
      liveSessions: 0,
      log: 'whole',
      paused: null,
    },
    'session-list': [],
    'service-list': [{ id: 'openai' }],
    'capability-list': [],
    'grant-list': [],
    'grant-use': { since: 0, uses: [] },
    'budget-list': [],
    'approval-list': [],
    'waiting-list': [],
    'waiting-answer': null,
    'site-request': null,
    'site-request-window': null,
    'approval-answer': null,
    'approval-deny-all': { denied: 1 },
    'approval-window': null,
    'page-notices': [],
    'page-keys': null,
    'site-refusal': null,
    'slot-list': [],
    doctor: [],
    'connect-outcome': { state: 'none', code: null, message: null },
  }
  #stateListeners: ((state: OwnerState) => void)[] = []
  #changedListeners: ((isTraffic: boolean) => void)[] = []

  async send<C extends OwnerCommand>(command: C): Promise<OwnerResults[C['name']]> {
    this.sent.push(command)
    const answer = this.answers[command.name]
    const value = typeof answer === 'function' ? await answer(command) : answer
    if (value instanceof Error) throw value
    return value as OwnerResults[C['name']]
  }

  onState(listener: (state: OwnerState) => void): () => void {
    this.#stateListeners.push(listener)
    return () => {}
  }

  onChanged(listener: (isTraffic: boolean) => void): () => void {
    this.#changedListeners.push(listener)
    return () => {}
  }

  push(state: Partial<OwnerState>): void {
    for (const listener of this.#stateListeners) listener({ ...OPEN, ...state })
  }

  change(isTraffic = false): void {
    for (const listener of this.#changedListeners) listener(isTraffic)
  }

  /** How often a command was ordered. */
  count(name: OwnerCommand['name'] | Command['name']): number {
    return this.sent.filter((command) => command.name === name).length
  }
}

/** Why an order was not carried out, as `ui/owner.ts` throws it. */
export function refusal(code: string, message: string): Error {
  return Object.assign(new Error(message), { code })
}

/** Let everything that is ready happen. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
}
