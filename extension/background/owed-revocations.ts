import { allGrants } from '../ui/all-grants.ts'
import { ALL, type Debts } from './debts.ts'
import { CommandRefusal, type HostCommands } from './host-commands.ts'
import type { HostPort } from './host-port.ts'

/**
 * Carries out the revocations that are owed: at once where the vault is open, else when it is. They are kept until the host
 * has answered, since a revoke that is forgotten would be none, and until then no call leaves that they would end.
 */
export class OwedRevocations {
  readonly #host: HostPort
  readonly #commands: Pick<HostCommands, 'send'>
  readonly #debts: Debts
  readonly #paying = new Map<string, Promise<void>>()

  constructor(host: HostPort, commands: Pick<HostCommands, 'send'>, debts: Debts) {
    this.#host = host
    this.#commands = commands
    this.#debts = debts
    // What fails is owed on, and tried again at the next change.
    for (const change of [host.onChanged, host.onTraffic]) change.add(() => void this.pay().catch(() => {}))
  }

  /** Revoke every session. */
  async revokeAll(): Promise<void> {
    await this.#owe(ALL)
  }

  /** Remove the grants of an origin and end its sessions. */
  async removeOrigin(origin: string): Promise<void> {
    await this.#owe(origin)
  }

  /** Owe the end of an origin's grants and sessions. It binds at once. @returns when it is durable, before it is carried out. */
  async note(origin: string): Promise<void> {
    await this.#debts.note([origin])
  }

  /** Carry out what is owed, by a host that is started where it is not running. */
  async demand(): Promise<void> {
    await this.#host.open()
    await this.pay()
  }

  /** Carry out what is owed, where the vault is open. Each at once: none waits for another's answer. */
  async pay(): Promise<void> {
    await this.#debts.read()
    await Promise.all(this.#debts.list().map((debt) => this.#payOnce(debt)))
  }

  /** The host is told beside the writing and not after it: the owner is not to wait for a disk. */
  async #owe(debt: string): Promise<void> {
    await Promise.all([this.#debts.note([debt]), this.demand()])
  }

  #payOnce(debt: string): Promise<void> {
    const running = this.#paying.get(debt)
    if (running !== undefined) return running
    const paying = this.#payUntilPaid(debt).finally(() => this.#paying.delete(debt))
    this.#paying.set(debt, paying)
    return paying
  }

  /** Again where it was noted again meanwhile: the host's answer may be older than that. */
  async #payUntilPaid(debt: string): Promise<void> {
    while (this.#host.state.vault === 'unlocked') {
      const noting = this.#debts.notingOf(debt)
      if (noting === null) return
      try {
        await (debt === ALL ? this.#commands.send({ name: 'session-revoke', all: true }) : this.#remove(debt))
      } catch (error) {
        if (error instanceof CommandRefusal) return
        throw error
      }
      await this.#debts.paid(debt, noting)
    }
  }

  async #remove(origin: string): Promise<void> {
    await this.#commands.send({ name: 'session-revoke', origin })
    for (const grant of await allGrants((command) => this.#commands.send(command))) {
      if (grant.origin !== origin && grant.topOrigin !== origin) continue
      await this.#commands.send({ name: 'grant-remove', id: grant.id })
    }
  }
}
