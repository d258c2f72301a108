import type { Said } from '../../shared/model/said.ts'
import type { CommandResults } from '../../shared/protocol/commands.ts'
import { PROTOCOL_VERSION } from '../../shared/protocol/limits.ts'
import type { FrameToHost } from '../../shared/protocol/native-frames.ts'
import type { HostStatus } from '../../shared/protocol/vault-commands.ts'
import type { Door } from '../owner/door.ts'
import { bindAtOnce } from '../owner/revoke.ts'
import { runCommand } from '../owner/run-command.ts'
import { Refusal } from '../refusal.ts'
import { vaultPausedSince } from '../sessions/vault-pause.ts'
import { VERSION } from '../version.ts'
import type { Outlet } from './outlet.ts'

type CommandFrame = Extract<FrameToHost, { type: 'command' }>
type VaultUnlock = Extract<CommandFrame['command'], { name: 'vault-unlock' }>

/** Carry out the owner's commands from extension pages and answer each with `reply` or `refusal`. */
export class Commands {
  readonly #outlet: Outlet
  readonly #door: Door
  readonly #onEnd: () => void

  /** @param onEnd called once the reply to a command that ends this process was sent. */
  constructor(outlet: Outlet, door: Door, onEnd: () => void) {
    this.#outlet = outlet
    this.#door = door
    this.#onEnd = onEnd
  }

  /** Never rejects. */
  async run({ id, command }: CommandFrame): Promise<void> {
    try {
      const value = await this.#value(command)
      this.#outlet.send({ type: 'reply', id, value })
    } catch (failure) {
      this.#outlet.send({ type: 'refusal', id, ...asRefusal(failure) })
      // SECURITY: whoever orders a lock gets one here, also where it cannot be written down for others.
      if (command.name !== 'vault-lock') return
    }
    if (endsTheHost(command)) this.#onEnd()
  }

  async #value(command: CommandFrame['command']): Promise<unknown> {
    switch (command.name) {
      case 'status':
        return this.#status()
      case 'vault-init':
        return { recoveryCode: await this.#door.init(command.passphrase) }
      case 'vault-unlock':
        await this.#unlock(command)
        return null
      case 'vault-lock':
        this.#door.lock()
        return null
      case 'devices':
        await this.#door.tryHolder().catch(() => {})
        return this.#door.devices()
      case 'host-introduce':
        this.#door.introduce(command.browser, command.version)
        return null
      case 'doctor':
        await this.#door.tryHolder().catch(() => {})
        return this.#door.examine()
      default:
        return this.#ordered(command)
    }
  }

  async #ordered(command: Parameters<typeof runCommand>[0]): Promise<unknown> {
    await this.#door.tryHolder()
    const context = this.#door.context
    if (context === null) {
      if (this.#door.state === 'missing') throw new Refusal('vault-missing', 'there is no vault yet')
      throw new Refusal('vault-locked', 'the vault is locked')
    }
    const { store, keys, now, upstream, references, live, parked } = context
    const inFlight = (session: string) => live.inFlight(session)
    const owner = { store, keys, now, by: 'extension' as const, host: parked.host }
    const value = await bindAtOnce(command, live, () =>
      runCommand(command, { ...owner, upstream, references, inFlight }),
    )
    if (command.name === 'connect') this.#door.used((value as CommandResults['connect']).id)
    return value
  }

  async #unlock({ with: how, text }: VaultUnlock): Promise<void> {
    if (how === 'stored') this.#door.reopenStored()
    else await this.#door.unlock({ kind: how, text: text ?? '' })
  }

  async #status(): Promise<HostStatus> {
    await this.#door.tryHolder()
    const context = this.#door.context
    return {
      version: VERSION,
      protocol: PROTOCOL_VERSION,
      vault: this.#door.state,
      slots: this.#door.slots,
      services: context?.inventory.serviceCount() ?? 0,
      liveSessions: context?.inventory.liveSessions(context.now()).length ?? 0,
      log: this.#door.isRolledBack ? 'rolled-back' : 'whole',
      paused: context === null ? null : vaultPausedSince(context.store, context.keys),
    }
  }
}

/** Locking, and opening with a stored slot: the browser's next call starts another host. */
function endsTheHost(command: CommandFrame['command']): boolean {
  return command.name === 'vault-lock' || (command.name === 'vault-unlock' && command.with === 'stored')
}

// SECURITY: an unexpected failure is `internal` and nothing of its message is told.
function asRefusal(failure: unknown): { code: string; message: string; said?: Said } {
  if (failure instanceof Refusal) {
    const { code, message, said } = failure
    return { code, message, ...(said === null ? {} : { said }) }
  }
  return { code: 'internal', message: 'something went wrong in the host; `valetkey doctor` may know more' }
}
