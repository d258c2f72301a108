import { hearListeners } from './heard-listeners.ts'
import {
  closeSource,
  each,
  fire,
  hrefOf,
  NativeEvent,
  NativeEventSource,
  NativeMessageEvent,
  on,
  sourceCredentials,
  sourceState,
} from './primordials.ts'

/** What a page holds for an EventSource that turns out not to be caught. */
export interface PlainSource {
  /** Connect by the browser's own. `told`: the state it has, before each event. @returns ends it. */
  open(url: URL, told: (readyState: number) => void): () => void
}

/**
 * An EventSource that was made before it was known what is caught cannot be given back to the browser: another of the browser's
 * own does its work behind it, which alone may say `Last-Event-ID` to any site, and its events are told on.
 */
export function plainSourceFor(source: EventSource): PlainSource {
  const types = ['open', 'message', 'error']
  let listen = (type: string): void => {
    types[types.length] = type
  }
  // The types of a stream's events are known by who listens to them alone.
  hearListeners(source, (type) => listen(type))
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
      each(types, listen)
      return () => closeSource(native)
    },
  }
}
