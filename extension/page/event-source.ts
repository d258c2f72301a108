import { isCaught } from './catch-list.ts'
import { type EventSourceCall, eventSourceCallFor } from './event-source-call.ts'
import {
  apply,
  closeSource,
  construct,
  NativeEventSource,
  NativeWeakMap,
  weakGet,
  weakSet,
} from './primordials.ts'
import { replace, replaceConstructor } from './replace.ts'
import { parseUrl } from './response.ts'

const calls: WeakMap<object, EventSourceCall> = new NativeWeakMap()

/**
 * Catch `EventSource`. A caught one is a real instance that the browser closed before it connected anywhere: the browser
 * keeps its handlers and listeners, and its state is told from here.
 */
export function catchEventSource(): void {
  const { prototype } = NativeEventSource
  replaceConstructor('EventSource', make)
  for (const key of ['readyState', 'url'] as const) {
    replace(prototype, key, (native, self, args) => weakGet(calls, self)?.[key] ?? apply(native, self, args))
  }
  replace(prototype, 'close', (native, self, args) => {
    weakGet(calls, self)?.close()
    return apply(native, self, args)
  })
}

function make(args: unknown[], target: NewableFunction): object {
  // Text once, here, so that what was decided is what is connected to. What is no URL, the browser's own refuses.
  if (args.length > 0) args[0] = `${args[0] as string}`
  const url = args.length > 0 ? parseUrl(args[0] as string) : null
  if (!url || isCaught(url) === false) return construct(NativeEventSource, args, target)
  args[0] = 'about:blank'
  const source = construct(NativeEventSource, args, target) as EventSource
  closeSource(source)
  weakSet(calls, source, eventSourceCallFor(source, url))
  return source
}
