import { withoutOurFrames } from './failure.ts'
import {
  apply,
  asString,
  each,
  matches,
  NativeHeaders,
  NativeResponse,
  NativeWeakMap,
  responseHeaders,
  responseUsed,
  sliceText,
  weakGet,
  weakSet,
} from './primordials.ts'
import { replaceAll, type Trap } from './replace.ts'

/** What `new Response` cannot say about itself and one from the network can. */
export interface ResponseFacts {
  readonly url: string
  readonly type: ResponseType
  readonly redirected: boolean
  /** Absent: as it was made. */
  readonly status?: number
  /**
   * Set once its body broke: what the page's readers get, and those that had begun. The platform forgets it on its way
   * through `text()` and the like.
   */
  failure?: readonly [reason: unknown, begun: unknown]
}

const facts: WeakMap<object, ResponseFacts> = new NativeWeakMap()
const frozen: WeakMap<object, true> = new NativeWeakMap()
/** Headers that are immutable: what is done to them throws the browser's own error. */
const immutable = responseHeaders(NativeResponse.error())

/** Give a response its facts, and headers that refuse to be changed. */
export function stateFacts(response: Response, stated: ResponseFacts): Response {
  weakSet(facts, response, stated)
  weakSet(frozen, responseHeaders(response), true)
  return response
}

const WAYS_TO_READ = ['arrayBuffer', 'blob', 'bytes', 'formData', 'json', 'text']

/** Make the platform's own accessors tell the facts. Instances get no property of their own. */
export function tellFacts(): void {
  const { prototype } = NativeResponse
  const told = (tell: (stated: ResponseFacts, native: unknown) => unknown, keys: string[]) => {
    const trap: Trap = (native, self, args) => {
      const result: unknown = apply(native, self, args)
      const stated = weakGet(facts, self)
      return stated ? tell(stated, result) : result
    }
    replaceAll(prototype, keys, trap)
  }
  each(['url', 'type', 'redirected', 'status'] as const, (key) =>
    told((stated, native) => stated[key] ?? native, [key]),
  )
  told((stated, copy) => stateFacts(copy as Response, stated), ['clone'])
  replaceAll(prototype, WAYS_TO_READ, (native, self, args) => {
    const stated = weakGet(facts, self)
    const read = () => apply(native, self, args) as Promise<unknown>
    return stated ? orItsFailure(read, stated, responseUsed(self as Response)) : read()
  })
  const refused: Trap = (native, self, args) => apply(native, weakGet(frozen, self) ? immutable : self, args)
  replaceAll(NativeHeaders.prototype, ['append', 'delete', 'set'], refused)
}

async function orItsFailure(read: () => unknown, stated: ResponseFacts, isUsed: boolean): Promise<unknown> {
  try {
    // Of a body that is broken, in this turn, and without using it up; of one that was used the browser says so.
    if (isUsed || !stated.failure) return await read()
  } catch (error) {
    throw isUsed || !stated.failure ? inItsOwnWords(error as Error) : stated.failure[1]
  }
  throw stated.failure?.[0]
}

/** Chromium reads the body while we hand over its last bytes, and says so in its error. */
function inItsOwnWords(error: Error): Error {
  const { message } = error
  const prefix = matches(
    /^Failed to execute '\w+' on 'ReadableByteStreamController': /,
    asString(message),
  )?.[0]
  if (prefix) error.message = sliceText(message, prefix.length)
  return withoutOurFrames(error)
}
