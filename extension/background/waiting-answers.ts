import type { OwnerCommand } from '../../shared/protocol/owner-port.ts'
import type { Documents } from './documents.ts'
import { CommandRefusal, type HostCommands } from './host-commands.ts'
import type { WaitingCalls } from './waiting-calls.ts'

interface Parts {
  waiting: WaitingCalls
  documents: Pick<Documents, 'refuseWaiting'>
  commands: Pick<HostCommands, 'send'>
}

/** Carries out what the owner says to calls that wait. */
export class WaitingAnswers {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /**
   * Carry out `waiting-answer`. After a yes the host's next list lets the calls go on.
   *
   * @throws CommandRefusal `unknown` where the notice is gone, and what the host refuses: the calls wait on then.
   */
  async order({ id, goOn }: Extract<OwnerCommand, { name: 'waiting-answer' }>): Promise<null> {
    const { waiting, documents, commands } = this.#parts
    const notice = waiting.notice(id)
    if (notice === null) throw new CommandRefusal('unknown', 'nothing of this site waits any more')
    const { origin, topOrigin, baseUrl } = notice
    if (goOn) await commands.send({ name: 'site-resume', origin, topOrigin, baseUrl })
    else documents.refuseWaiting(id)
    return null
  }
}
