import type browser from 'webextension-polyfill'
import type { OwnerCommand, OwnerFrameToPage } from '../../shared/protocol/owner-port.ts'
import { OWNER_PORT } from '../../shared/protocol/owner-port-name.ts'
import { CommandRefusal } from './host-commands.ts'
import type { HostPort } from './host-port.ts'
import { lateOrders } from './late.ts'
import { Listeners } from './listeners.ts'
import { isOwnPage } from './witness.ts'

/** While an owner's page is open and the host is not there, it is looked for this often, in milliseconds. */
const LOOK_AGAIN_MS = 2000

/** The extension's own pages (popup, control room): takes their orders, pushes them the state. */
export class OwnerPages {
  /** Told the number of open pages when it changes. */
  readonly onCount = new Listeners<number>()
  readonly #host: HostPort
  readonly #carryOut: (command: OwnerCommand) => Promise<unknown>
  readonly #ports = new Set<browser.Runtime.Port>()
  #looking: ReturnType<typeof setInterval> | undefined

  /** @param carryOut carries out one command; rejects with CommandRefusal. */
  constructor(host: HostPort, carryOut: (command: OwnerCommand) => Promise<unknown>) {
    this.#host = host
    this.#carryOut = carryOut
    host.onState.add((state) => this.#push({ state }))
    host.onChanged.add(() => this.changed())
    host.onTraffic.add(() => this.#push({ changed: 'traffic' }))
  }

  get count(): number {
    return this.#ports.size
  }

  /** Tell every page that what it shows may be stale. */
  tellChanged(): void {
    this.#push({ changed: true })
  }

  /** Take a runtime port, where it is one of our own pages'. */
  accept(port: browser.Runtime.Port): void {
    if (port.name !== OWNER_PORT) return
    // SECURITY: content scripts can open a port of this name too; orders come from our own pages only.
    if (!isOwnPage(port.sender)) return port.disconnect()
    this.#ports.add(port)
    port.onMessage.addListener((message) => void this.#order(port, message))
    port.onDisconnect.addListener(() => this.#gone(port))
    this.#looking ??= setInterval(() => void this.#host.open(), LOOK_AGAIN_MS)
    this.onCount.tell(this.count)
    post(port, { state: this.#host.state })
    void this.#host.open()
  }

  async #order(port: browser.Runtime.Port, message: unknown): Promise<void> {
    const order = lateOrders().readOrder(message)
    if (order === null) return this.#refuseMalformed(port, message)
    const { id, command } = order
    try {
      post(port, { id, value: await this.#carryOut(command) })
    } catch (error) {
      const refusal =
        error instanceof CommandRefusal ? error : new CommandRefusal('internal', 'something failed')
      const { code, message, said } = refusal
      post(port, { id, refusal: { code, message, ...(said === undefined ? {} : { said }) } })
    }
  }

  #refuseMalformed(port: browser.Runtime.Port, message: unknown): void {
    const { id } = (message ?? {}) as { id?: unknown }
    if (typeof id !== 'number') return
    post(port, { id, refusal: { code: 'malformed', message: 'the order could not be understood' } })
  }

  /** What the pages show may be stale. */
  changed(): void {
    this.#push({ changed: true })
  }

  #gone(port: browser.Runtime.Port): void {
    this.#ports.delete(port)
    if (this.count === 0) {
      clearInterval(this.#looking)
      this.#looking = undefined
    }
    this.onCount.tell(this.count)
  }

  #push(frame: OwnerFrameToPage): void {
    for (const port of this.#ports) post(port, frame)
  }
}

function post(port: browser.Runtime.Port, frame: OwnerFrameToPage): void {
  try {
    port.postMessage(frame)
  } catch {
    // The page closed under us: onDisconnect tells the rest.
  }
}
