import { MAX_PARSED_BODY } from '../../shared/protocol/limits.ts'

/** Bytes of request bodies that the calls of one site may have in this process at once: two of the largest. */
const SITE_BYTES = 2 * MAX_PARSED_BODY

interface Waiting {
  readonly bytes: number
  readonly enter: () => void
}

/** Room for one site's bodies. */
interface SiteRoom {
  taken: number
  waiting: Waiting[]
}

/**
 * Memory for bodies that must be held whole, given out before a byte of them is read, so that a page with many calls,
 * or with bodies that never end, keeps its own calls waiting and nobody else's.
 */
export class BodyRoom {
  readonly #sites = new Map<string, SiteRoom>()

  /**
   * Wait for room for a body.
   *
   * @param bytes at most MAX_PARSED_BODY.
   * @returns what gives the room back, all of it or all but `keep` bytes; harmless twice. Rejects with the signal's reason.
   */
  async enter(site: string, bytes: number, signal: AbortSignal): Promise<(keep?: number) => void> {
    signal.throwIfAborted()
    const room = this.#sites.get(site) ?? { taken: 0, waiting: [] }
    this.#sites.set(site, room)
    if (room.waiting.length > 0 || room.taken + bytes > SITE_BYTES)
      await this.#wait(site, room, bytes, signal)
    else room.taken += bytes
    let held = bytes
    return (keep = 0) => {
      if (held <= keep) return
      room.taken -= held - keep
      held = keep
      this.#admit(site, room)
    }
  }

  #wait(site: string, room: SiteRoom, bytes: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        room.waiting = room.waiting.filter((each) => each !== waiting)
        reject(signal.reason)
        this.#admit(site, room)
      }
      const enter = () => {
        signal.removeEventListener('abort', leave)
        resolve()
      }
      const waiting = { bytes, enter }
      room.waiting.push(waiting)
      signal.addEventListener('abort', leave, { once: true })
    })
  }

  /** In the order they came: a large body is not overtaken for ever by small ones. */
  #admit(site: string, room: SiteRoom): void {
    for (let next = room.waiting[0]; next !== undefined; next = room.waiting[0]) {
      if (room.taken + next.bytes > SITE_BYTES) return
      room.waiting.shift()
      room.taken += next.bytes
      next.enter()
    }
    if (room.taken === 0 && this.#sites.get(site) === room) this.#sites.delete(site)
  }
}
