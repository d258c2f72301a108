import browser from 'webextension-polyfill'
import * as z from 'zod/mini'
import { allGrants } from '../ui/all-grants.ts'
import { CommandRefusal, type HostCommands } from './host-commands.ts'
import type { HostPort } from './host-port.ts'
import { Serial } from './serial.ts'

const KEY = 'owed'
const ALL = '*'
const OwedSchema = z.array(z.string())

/**
 * Revocations the owner ordered while the host could not carry them out (locked, not running). They are kept until it has:
 * a revoke that is forgotten would be none. What is stored is an origin, and only until the vault is next unlocked.
 */
export class OwedRevocations {
  readonly #host: HostPort
  readonly #commands: Pick<HostCommands, 'send'>
  readonly #serial = new Serial()
  /** False once the store was seen empty: the host's changes come many times a second. */
  #mayOwe = true

  constructor(host: HostPort, commands: Pick<HostCommands, 'send'>) {
    this.#host = host
    this.#commands = commands
    host.onChanged.add(() => void this.pay())
  }

  /** Revoke every session. */
  async revokeAll(): Promise<void> {
    await this.#owe(ALL)
  }

  /** Remove the grants of an origin and end its sessions. */
  async removeOrigin(origin: string): Promise<void> {
    await this.#owe(origin)
  }

  /** Carry out what is owed, where the vault is open. */
  async pay(): Promise<void> {
    if (this.#mayOwe) await this.#serial.run(() => this.#payAll())
  }

  async #owe(debt: string): Promise<void> {
    await this.#serial.run(async () => {
      this.#mayOwe = true
      await writeOwed([...(await readOwed()), debt])
    })
    await this.#host.open()
    await this.pay()
  }

  async #payAll(): Promise<void> {
    for (const debt of await readOwed()) {
      if (this.#host.state.vault !== 'unlocked') return
      try {
        await (debt === ALL ? this.#commands.send({ name: 'session-revoke', all: true }) : this.#remove(debt))
      } catch (error) {
        if (error instanceof CommandRefusal) return
        throw error
      }
      await writeOwed((await readOwed()).filter((other) => other !== debt))
    }
    this.#mayOwe = false
  }

  async #remove(origin: string): Promise<void> {
    await this.#commands.send({ name: 'session-revoke', origin })
    for (const grant of await allGrants((command) => this.#commands.send(command))) {
      if (grant.origin !== origin && grant.topOrigin !== origin) continue
      await this.#commands.send({ name: 'grant-remove', id: grant.id })
    }
  }
}

async function readOwed(): Promise<string[]> {
  const { [KEY]: stored } = await browser.storage.local.get(KEY)
  const owed = OwedSchema.safeParse(stored)
  return owed.success ? owed.data : []
}

async function writeOwed(owed: string[]): Promise<void> {
  if (owed.length === 0) await browser.storage.local.remove(KEY)
  else await browser.storage.local.set({ [KEY]: [...new Set(owed)] })
}
