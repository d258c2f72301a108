import { askOf } from './ask.ts'
import { Call } from './call.ts'
import type { CallListener, Head } from './call-listener.ts'
import { bodyCut, noResponse } from './failure.ts'
import { meetsIntegrity } from './integrity.ts'
import {
  abortReason,
  on,
  requestIntegrity,
  requestMethod,
  requestMode,
  requestRedirect,
  requestSignal,
  requestUrl,
  sizeOf,
  unlisten,
} from './primordials.ts'
import { concat, type RequestBody } from './request-body.ts'
import { factsOf, isBodiless, isRedirect, isSameOrigin, toOpaqueResponse, toResponse } from './response.ts'
import type { ResponseFacts } from './response-facts.ts'
import { ResponseStream, type StreamOwner } from './response-stream.ts'

type Resolve = (response: Response) => void
type Reject = (reason: unknown) => void

/** One caught `fetch`: what its promise and its body become. */
export class FetchCall implements CallListener, StreamOwner {
  readonly #request: Request
  readonly #signal: AbortSignal
  readonly #resolve: Resolve
  readonly #reject: Reject
  readonly #call: Call
  /** Where chunks go: into the response's body, or into memory until the whole is verified. Null: nowhere. */
  #body: ResponseStream | null = null
  /** From the response on. */
  #facts: ResponseFacts | null = null
  #verify: { head: Head; parts: Uint8Array<ArrayBuffer>[]; size: number } | null = null

  constructor(request: Request, body: RequestBody | null, resolve: Resolve, reject: Reject) {
    this.#request = request
    this.#signal = requestSignal(request)
    this.#resolve = resolve
    this.#reject = reject
    this.#call = new Call(askOf(request, body), body, this)
  }

  start(): void {
    on(this.#signal, 'abort', this.#abort)
    this.#call.start()
  }

  head(head: Head): void {
    const redirect = requestRedirect(this.#request)
    if (isRedirect(head.status) && redirect === 'error') return this.#refuse()
    if (isRedirect(head.status) && redirect === 'manual') {
      this.#call.cancel()
      return this.#resolve(toOpaqueResponse('opaqueredirect', requestUrl(this.#request)))
    }
    if (requestIntegrity(this.#request) === '') return this.#respond(head)
    if (this.#isOpaque()) return this.#refuse()
    this.#verify = { head, parts: [], size: 0 }
  }

  chunk(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#body !== null) return this.#body.push(bytes)
    this.#call.credit(sizeOf(bytes))
    if (this.#verify === null) return
    const { parts } = this.#verify
    parts[parts.length] = bytes
    this.#verify.size += sizeOf(bytes)
  }

  end(): void {
    if (this.#verify !== null) void this.#finishVerified(this.#verify)
    else if (this.#body === null) this.over()
    else this.#body.end()
  }

  cut(reason?: unknown): void {
    this.#break(reason ?? (this.#facts ? bodyCut() : noResponse()))
  }

  taken(bytes: number): void {
    this.#call.credit(bytes)
  }

  unwanted(): void {
    this.#call.cancel()
    this.over()
  }

  over(): void {
    unlisten(this.#signal, 'abort', this.#abort)
  }

  readonly #abort = (): void => {
    this.#call.cancel()
    this.#break(abortReason(this.#signal))
  }

  #refuse(): void {
    this.#call.cancel()
    this.cut()
  }

  #isOpaque(): boolean {
    return requestMode(this.#request) === 'no-cors' && !isSameOrigin(requestUrl(this.#request))
  }

  #respond(head: Head): void {
    const request = this.#request
    if (this.#isOpaque()) return this.#resolve(toOpaqueResponse('opaque', requestUrl(request)))
    const facts = factsOf(head, requestUrl(request))
    const body = isBodiless(head.status, requestMethod(request)) ? null : new ResponseStream(this)
    const response = toResponse(head, facts, body?.handOver() ?? null)
    this.#facts = facts
    this.#body = body
    this.#resolve(response)
  }

  #break(reason: unknown): void {
    this.#reject(reason)
    if (this.#facts) this.#facts.failure = { reason }
    this.#body?.fail(reason)
    this.over()
  }

  async #finishVerified({
    head,
    parts,
    size,
  }: {
    head: Head
    parts: Uint8Array<ArrayBuffer>[]
    size: number
  }) {
    const bytes = concat(parts, size)
    if (!(await meetsIntegrity(requestIntegrity(this.#request), bytes))) return this.cut()
    this.#verify = null
    this.#respond(head)
    this.#body?.push(bytes)
    this.#body?.end()
  }
}
