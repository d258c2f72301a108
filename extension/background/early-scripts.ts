import { registerAlso, registeredOrigins, unregister } from './content-scripts.ts'
import type { Serial } from './serial.ts'

/**
 * The origins our scripts are registered for while the host is still asked for their grant. Once a session is shown as live, a
 * document that loads has to have our scripts in its first moment: registered after the answer, they would come too late for the
 * first call of a page that is loaded anew at once, which would go out without the key.
 */
export class EarlyScripts {
  readonly #serial: Serial
  /** How many grants of an origin are being made. Only of origins that had no scripts before. */
  readonly #asked = new Map<string, number>()

  /** @param serial in which all else that changes registrations has its turn. */
  constructor(serial: Serial) {
    this.#serial = serial
  }

  /** The origins that have our scripts and, as far as is known, no grant yet. */
  get origins(): ReadonlySet<string> {
    return new Set(this.#asked.keys())
  }

  /** Register our scripts for an origin whose grant is about to be asked for. Leaves one alone that has them already. */
  async put(origin: string): Promise<void> {
    await this.#serial.run(async () => {
      const asked = this.#asked.get(origin)
      if (asked === undefined && (await registeredOrigins()).has(origin)) return
      await registerAlso(origin)
      this.#asked.set(origin, (asked ?? 0) + 1)
    })
  }

  /** The host made the grant: the scripts stay as those of any other. */
  granted(origin: string): void {
    this.#asked.delete(origin)
  }

  /** The host refused: take the scripts off again, unless another grant of the origin was made, or is still asked for. */
  async refused(origin: string): Promise<void> {
    await this.#serial.run(async () => {
      const asked = this.#asked.get(origin) ?? 0
      if (asked > 1) this.#asked.set(origin, asked - 1)
      else if (this.#asked.delete(origin)) await unregister([origin])
    })
  }
}
