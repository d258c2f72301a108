import {
  apply,
  asString,
  closeSource,
  fire,
  hrefOf,
  NativeEvent,
  NativeEventSource,
  NativeMessageEvent,
  NativeTarget,
  NativeWeakMap,
  on,
  sourceCredentials,
  sourceState,
  weakGet,
  weakSet,
} from './primordials.ts'
import { replace } from './replace.ts'

/** What a page holds for an EventSource that turns out not to be caught. */
export interface PlainSource {
  /** Connect by the browser's own. `told`: the state it has, before each event. @returns ends it. */
  open(url: URL, told: (readyState: number) => void): () => void
}

/** Takes each type of event that a page begins to listen to at a source. */
type Listens = (type: string) => void

const listening: WeakMap<object, Listens> = new NativeWeakMap()
let isWatching = false

/**
 * An EventSource that was made before it was known what is caught cannot be given back to the browser: another of the browser's
 * own does its work behind it, which alone may say `Last-Event-ID` to any site, and its events are told on.
 */
export function plainSourceFor(source: EventSource): PlainSource {
  const types = ['open', 'message', 'error']
  let listen: Listens = (type) => {
    types[types.length] = type
  }
  weakSet(listening, source, (type) => listen(type))
  watchListeners()
  return {
    open(url, told) {
      const withCredentials = sourceCredentials(source)
      const native = new NativeEventSource(hrefOf(url), {
        withCredentials,
        __proto__: null,
      } as EventSourceInit)
      const tellOn = (event: Event) => {
        told(sourceState(native))
        const Kind = event instanceof NativeMessageEvent ? NativeMessageEvent : NativeEvent
        fire(source, new Kind(event.type, event))
      }
      listen = (type) => on(native, type, tellOn)
      for (let i = 0; i < types.length; i++) listen(types[i] as string)
      return () => closeSource(native)
    },
  }
}

/**
 * From the first such source on stand before `addEventListener`: the types of a stream's events are known by who listens to
 * them alone. Pages without one keep the browser's own.
 */
function watchListeners(): void {
  if (isWatching) return
  isWatching = true
  replace(NativeTarget.prototype, 'addEventListener', (native, self, args) => {
    const listens = weakGet(listening, self)
    if (listens && args.length > 1) {
      // Text once, here: that may run code of the page.
      args[0] = asString(args[0])
      listens(args[0] as string)
    }
    return apply(native, self, args)
  })
}
