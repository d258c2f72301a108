import { apply, NativeHeaders, NativeResponse, NativeWeakMap, weakGet, weakSet } from './primordials.ts'
import { replaceAccessor, replaceMethod } from './replace.ts'

/** What `new Response` cannot say about itself and one from the network can. */
export interface ResponseFacts {
  readonly url: string
  readonly type: ResponseType
  readonly redirected: boolean
}

const facts: WeakMap<object, ResponseFacts> = new NativeWeakMap()
const frozen: WeakMap<object, true> = new NativeWeakMap()
const nativeHeaders = Object.getOwnPropertyDescriptor(Response.prototype, 'headers')?.get as () => Headers
const headersOf = (response: Response): Headers => apply(nativeHeaders, response, []) as Headers
/** Has immutable headers: what is done to it throws the browser's own error. */
const immutable = headersOf(NativeResponse.error())

/** Give a response its facts, and headers that refuse to be changed. */
export function stateFacts(response: Response, stated: ResponseFacts): Response {
  weakSet(facts, response, stated)
  weakSet(frozen, headersOf(response), true)
  return response
}

/** Make the platform's own accessors tell the facts. Instances get no property of their own. */
export function tellFacts(): void {
  const { prototype } = NativeResponse
  for (const key of ['url', 'type', 'redirected'] as const) {
    replaceAccessor(prototype, key, (native, self, args) => {
      const stated = typeof self === 'object' && self !== null ? weakGet(facts, self) : undefined
      return stated ? stated[key] : apply(native, self, args)
    })
  }
  replaceMethod(prototype, 'clone', (native, self, args) => {
    const copy = apply(native, self, args) as Response
    const stated = weakGet(facts, self as Response)
    return stated ? stateFacts(copy, stated) : copy
  })
  for (const key of ['append', 'delete', 'set']) {
    replaceMethod(NativeHeaders.prototype, key, (native, self, args) => {
      const isFrozen = typeof self === 'object' && self !== null && weakGet(frozen, self)
      return apply(native, isFrozen ? immutable : self, args)
    })
  }
}
