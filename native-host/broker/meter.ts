import type { Permit } from '../audit/permit.ts'
import { extendLease } from '../budgets/lease.ts'
import { Problem } from '../problem.ts'
import type { BrokerContext } from './context.ts'
import type { HeldBody } from './hold-body.ts'

/** Holds what a call moves to what was reserved for it, in both directions. */
export class Meter {
  readonly #permit: Permit
  readonly #context: Pick<BrokerContext, 'store' | 'keys'>
  /** Response bytes that may still go out; null: any number. */
  #left: number | null

  constructor(permit: Permit, context: Pick<BrokerContext, 'store' | 'keys'>) {
    this.#permit = permit
    this.#context = context
    this.#left = permit.room.down
  }

  /** The request body; one that streams fails with Problem `budget-spent` at the first piece beyond what was reserved. */
  outgoing(body: HeldBody): HeldBody {
    const { up } = this.#permit.room
    return up === null || body === null || body instanceof Uint8Array ? body : bounded(body, up)
  }

  /**
   * How much of these response bytes may go out: all of them, or what is left of the session's.
   *
   * @throws Refusal where more cannot be written down.
   */
  admitted(bytes: Uint8Array): Uint8Array {
    if (this.#left === null) return bytes
    const missing = bytes.length - this.#left
    if (missing > 0)
      this.#left += extendLease(this.#context.store, this.#context.keys, this.#permit.auditId, missing)
    const part = bytes.subarray(0, this.#left)
    this.#left -= part.length
    return part
  }
}

async function* bounded(body: AsyncIterable<Uint8Array>, most: number): AsyncGenerator<Uint8Array> {
  let left = most
  for await (const piece of body) {
    left -= piece.length
    if (left < 0) throw new Problem('budget-spent', 'budget-spent')
    yield piece
  }
}
