import browser from 'webextension-polyfill'
import type { HostPort } from './host-port.ts'

const ALARM = 'look-for-host'
/** How long a host that nothing needs stays, in milliseconds: the popup is often opened twice. */
const IDLE_MS = 30_000

/**
 * Keeps the host for as long as something needs it. Timers die with the service worker, an alarm starts it again: so a host
 * that comes back is found within a minute also where no page asks.
 */
export class KeepHost {
  readonly #host: HostPort
  readonly #isNeeded: () => boolean
  #idleTimer: ReturnType<typeof setTimeout> | undefined
  /** Whether the alarm is set; null: nobody knows, since it outlives us. */
  #hasAlarm: boolean | null = null

  constructor(host: HostPort, isNeeded: () => boolean) {
    this.#host = host
    this.#isNeeded = isNeeded
    host.onState.add(() => this.check())
  }

  /** Look again whether the host is needed: after every change of what needs it. */
  check(): void {
    const needed = this.#isNeeded()
    const connected = this.#host.state.host === 'connected'
    this.#setAlarm(needed && !connected)
    clearTimeout(this.#idleTimer)
    if (connected && !needed) this.#idleTimer = setTimeout(() => this.#closeIdle(), IDLE_MS)
  }

  #setAlarm(isWanted: boolean): void {
    // Each call that begins or ends comes by here: the browser is asked where that changes something.
    if (isWanted === this.#hasAlarm) return
    this.#hasAlarm = isWanted
    if (isWanted) browser.alarms.create(ALARM, { periodInMinutes: 1 })
    else void browser.alarms.clear(ALARM)
  }

  /** @param name of the alarm that went off. */
  alarm(name: string): void {
    if (name === ALARM && this.#isNeeded()) void this.#host.open()
  }

  #closeIdle(): void {
    // Ending the host locks the vault that the owner unlocked in it: that is the owner's to order.
    if (!this.#isNeeded() && this.#host.state.vault !== 'unlocked') this.#host.close()
  }
}
