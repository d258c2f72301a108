import { withoutOurFrames } from './failure.ts'
import {
  apply,
  asString,
  matches,
  NativeHeaders,
  NativeResponse,
  NativeWeakMap,
  sliceText,
  weakGet,
  weakSet,
} from './primordials.ts'
import { replaceAccessor, replaceMethod } from './replace.ts'

/** What `new Response` cannot say about itself and one from the network can. */
export interface ResponseFacts {
  readonly url: string
  readonly type: ResponseType
  readonly redirected: boolean
  /** Set once its body broke: what the page's readers get. The platform forgets it on its way through `text()` and the like. */
  failure?: { readonly reason: unknown }
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
  for (const key of ['arrayBuffer', 'blob', 'bytes', 'formData', 'json', 'text']) {
    replaceMethod(prototype, key, (native, self, args) => {
      const stated = typeof self === 'object' && self !== null ? weakGet(facts, self) : undefined
      const result: unknown = apply(native, self, args)
      return stated ? orItsFailure(result as Promise<unknown>, stated) : result
    })
  }
  for (const key of ['append', 'delete', 'set']) {
    replaceMethod(NativeHeaders.prototype, key, (native, self, args) => {
      const isFrozen = typeof self === 'object' && self !== null && weakGet(frozen, self)
      return apply(native, isFrozen ? immutable : self, args)
    })
  }
}

async function orItsFailure(result: Promise<unknown>, stated: ResponseFacts): Promise<unknown> {
  try {
    return await result
  } catch (error) {
    throw stated.failure ? stated.failure.reason : inItsOwnWords(error)
  }
}

/** Chromium reads the body while we hand over its last bytes, and says so in its error. */
function inItsOwnWords(error: unknown): unknown {
  const { message } = error as Error
  const prefix = matches(
    /^Failed to execute '\w+' on 'ReadableByteStreamController': /,
    asString(message),
  )?.[0]
  if (prefix !== undefined) (error as Error).message = sliceText(message, prefix.length)
  return withoutOurFrames(error)
}
