import type { Command, CommandResults } from '../../shared/protocol/commands.ts'
import type { Documents } from './documents.ts'
import type { HostCommands } from './host-commands.ts'

/**
 * The host's commands, where an order that ends sessions, or pauses them all, ends their calls here first: what the host has sent already and waits
 * in this process, or in the browser's pipes, reaches no page after the owner's click.
 */
export class CutFirst implements Pick<HostCommands, 'send'> {
  readonly #commands: Pick<HostCommands, 'send'>
  readonly #documents: Pick<Documents, 'cutFirst'>

  constructor(commands: Pick<HostCommands, 'send'>, documents: Pick<Documents, 'cutFirst'>) {
    this.#commands = commands
    this.#documents = documents
  }

  /** As `HostCommands.send`. @throws CommandRefusal; the pages' calls are over then too. */
  async send<C extends Command>(command: C): Promise<CommandResults[C['name']]> {
    const answered = this.#cut(command)
    try {
      return await this.#commands.send(command)
    } finally {
      answered()
    }
  }

  #cut(command: Command): () => void {
    if (command.name === 'session-revoke') return this.#documents.cutFirst(command)
    if (command.name === 'vault-pause') return this.#documents.cutFirst({ all: true }, 'paused')
    // Locking ends the process that answers them all.
    if (command.name === 'vault-lock') return this.#documents.cutFirst({ all: true })
    return () => {}
  }
}
