import { withoutOurFrames } from './failure.ts'
import {
  apply,
  type Callable,
  defineProperty,
  each,
  NativeProxy,
  NativeWeakMap,
  ownProperty,
  page,
  weakGet,
  weakSet,
} from './primordials.ts'

/** Stands before a native function: gets it with the receiver and the arguments of one call. */
export type Trap = (native: Callable, self: unknown, args: unknown[]) => unknown

const natives: WeakMap<object, Callable> = new NativeWeakMap()

/** A function that runs `trap` and shows itself as `native` in every other respect: name, length, properties, source text. */
function stand(native: Callable, trap: Trap): Callable {
  const proxy = new NativeProxy(native, {
    apply(_, self, args) {
      try {
        return trap(native, self, args)
      } catch (error) {
        throw withoutOurFrames(error)
      }
    },
    __proto__: null,
  } as ProxyHandler<Callable>)
  weakSet(natives, proxy, weakGet(natives, native) ?? native)
  return proxy
}

/**
 * Replace a method, or the getter and the setter of an accessor, in place and with the property's own flags.
 * Does nothing where the browser has no such property.
 *
 * @param trap for the method or the getter; null keeps the getter.
 */
export function replace(owner: object, key: string, trap: Trap | null, set?: Trap): void {
  const property = ownProperty(owner, key)
  if (property === undefined) return
  if (property.value) property.value = stand(property.value, trap as Trap)
  else if (trap) property.get = stand(property.get as Callable, trap) as () => unknown
  if (set) property.set = stand(property.set as Callable, set) as () => void
  defineProperty(owner, key, property)
}

/** Makes what a constructor is asked for. `made`: what the page built, which may be a class on top of it. */
export type Maker = (args: unknown[], made: Callable, native: Callable) => object

/** Replace a global constructor, and where its prototype names it. Does nothing where there is no such constructor. */
export function replaceConstructor(key: string, make: Maker): void {
  const native = ownProperty(page, key)?.value as Callable | undefined
  if (!native) return
  const value: Callable = new NativeProxy(native, {
    construct(_, args, made) {
      try {
        return make(args, made, native)
      } catch (error) {
        throw withoutOurFrames(error)
      }
    },
    __proto__: null,
  } as ProxyHandler<Callable>)
  weakSet(natives, value, weakGet(natives, native) ?? native)
  // The property's other flags stay as they are.
  defineProperty(page, key, { value, __proto__: null } as PropertyDescriptor)
  defineProperty(native.prototype, 'constructor', { value, __proto__: null } as PropertyDescriptor)
}

/** Replace several methods or getters by the same. */
export function replaceAll(owner: object, keys: readonly string[], trap: Trap): void {
  each(keys, (key) => replace(owner, key, trap))
}

/**
 * Keep `Function.prototype.toString` truthful about what was replaced: libraries look at that text to decide whether
 * `fetch` is the browser's own, and some pages do not start when it is not.
 */
export function keepSourceText(): void {
  replace(Function.prototype, 'toString', (native, self, args) =>
    apply(native, weakGet(natives, self) ?? self, args),
  )
}
