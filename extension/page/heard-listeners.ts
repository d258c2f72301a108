import { apply, asString, NativeTarget, NativeWeakMap, weakGet, weakSet } from './primordials.ts'
import { replace } from './replace.ts'

/** Takes each type of event that a page begins to listen to. */
type Listens = (type: string) => void

const listening: WeakMap<object, Listens> = new NativeWeakMap()
let isWatching = false

/**
 * Hear of each listener that a page adds to a target from now on. From the first such target on this stands before
 * `addEventListener`: pages without one keep the browser's own.
 */
export function hearListeners(target: EventTarget, listens: Listens): void {
  weakSet(listening, target, listens)
  if (isWatching) return
  isWatching = true
  replace(NativeTarget.prototype, 'addEventListener', (native, self, args) => {
    const hears = weakGet(listening, self)
    if (hears && args.length > 1) {
      // Text once, here: that may run code of the page.
      args[0] = asString(args[0])
      hears(args[0] as string)
    }
    return apply(native, self, args)
  })
}
