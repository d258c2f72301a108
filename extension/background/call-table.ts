import { WINDOW_BYTES } from '../../shared/protocol/limits.ts'
import type { FrameToHost } from '../../shared/protocol/native-frames.ts'

/** A call in flight, between the ids of its two wires. */
export interface CarriedCall {
  /** Number of the document it came from. */
  readonly document: number
  /** Its id on the content script's port. */
  readonly pageId: number
  /** Its id on the native port. */
  readonly hostId: number
  /** As the page claims it. */
  readonly url: string
  /** Body bytes the page may still send before the host gives credit. */
  window: number
  /** Whether the page has the head of the response: what fails later is a cut, not a problem. */
  hasHead: boolean
  /** The session its answer came in; null until the head has come. */
  session: string | null
  /** Frames that wait for the host to connect, or for the owner; null once they are with the host. */
  queue: FrameToHost[] | null
  /** It goes on when its document is gone. */
  isKept: boolean
}

/** Renumbers calls: ids are unique in one document on one wire and in the whole browser on the other. */
export class CallTable {
  readonly #byHostId = new Map<number, CarriedCall>()
  readonly #byDocument = new Map<number, Map<number, CarriedCall>>()
  readonly #onRemove: (call: CarriedCall) => void
  #nextHostId = 1

  /** @param onRemove told of each call that is forgotten. */
  constructor(onRemove: (call: CarriedCall) => void = () => {}) {
    this.#onRemove = onRemove
  }

  /** Add a call. @returns null where the document already has one with this id. */
  add(document: number, pageId: number, url: string): CarriedCall | null {
    const calls = this.#byDocument.get(document) ?? new Map<number, CarriedCall>()
    if (calls.has(pageId)) return null
    const call: CarriedCall = {
      document,
      pageId,
      url,
      hostId: this.#nextHostId++,
      window: WINDOW_BYTES,
      hasHead: false,
      session: null,
      queue: [],
      isKept: false,
    }
    calls.set(pageId, call)
    this.#byDocument.set(document, calls)
    this.#byHostId.set(call.hostId, call)
    return call
  }

  fromPage(document: number, pageId: number): CarriedCall | undefined {
    return this.#byDocument.get(document)?.get(pageId)
  }

  fromHost(hostId: number): CarriedCall | undefined {
    return this.#byHostId.get(hostId)
  }

  countOf(document: number): number {
    return this.#byDocument.get(document)?.size ?? 0
  }

  /** Forget a call: what still arrives for it is dropped. */
  remove(call: CarriedCall): void {
    this.#byHostId.delete(call.hostId)
    const calls = this.#byDocument.get(call.document)
    calls?.delete(call.pageId)
    if (calls?.size === 0) this.#byDocument.delete(call.document)
    this.#onRemove(call)
  }

  /** Forget the calls of one document, or all. @returns them. */
  removeAll(document?: number): CarriedCall[] {
    return this.removeWhere((call) => document === undefined || call.document === document)
  }

  /** Forget the calls that fit. @returns them. */
  removeWhere(fits: (call: CarriedCall) => boolean): CarriedCall[] {
    const calls = [...this.#byHostId.values()].filter(fits)
    for (const call of calls) this.remove(call)
    return calls
  }
}
