import {
  apply,
  type Callable,
  defineProperty,
  getOwnPropertyDescriptor,
  NativeProxy,
  NativeWeakMap,
  weakGet,
  weakSet,
} from './primordials.ts'

/** Stands before a native function: gets it with the receiver and the arguments of one call. */
export type Trap = (native: Callable, self: unknown, args: unknown[]) => unknown

const natives: WeakMap<object, Callable> = new NativeWeakMap()

/** A function that runs `trap` and shows itself as `native` in every other respect: name, length, properties, source text. */
function stand(native: Callable, trap: Trap): Callable {
  const proxy = new NativeProxy(native, {
    apply: (_, self, args) => trap(native, self, args),
    __proto__: null,
  } as ProxyHandler<Callable>)
  weakSet(natives, proxy, native)
  return proxy
}

/** Replace a method in place, with the property's own flags. Does nothing where the browser has no such method. */
export function replaceMethod(owner: object, key: string, trap: Trap): void {
  const property = getOwnPropertyDescriptor(owner, key)
  if (property === undefined) return
  defineProperty(owner, key, {
    ...property,
    value: stand(property.value as Callable, trap),
    __proto__: null,
  } as PropertyDescriptor)
}

/** Replace the getter or the setter of an accessor in place; null keeps it. Does nothing where the browser has no such accessor. */
export function replaceAccessor(owner: object, key: string, get: Trap | null, set?: Trap): void {
  const property = getOwnPropertyDescriptor(owner, key)
  if (property?.get === undefined) return
  defineProperty(owner, key, {
    ...property,
    get: (get ? stand(property.get, get) : property.get) as () => unknown,
    set: (set && property.set ? stand(property.set, set) : property.set) as (value: unknown) => void,
    __proto__: null,
  } as PropertyDescriptor)
}

/**
 * Keep `Function.prototype.toString` truthful about what was replaced: libraries look at that text to decide whether
 * `fetch` is the browser's own, and some pages do not start when it is not.
 */
export function keepSourceText(): void {
  replaceMethod(Function.prototype, 'toString', (native, self, args) => {
    const replaced = typeof self === 'function' ? weakGet(natives, self) : undefined
    return apply(native, replaced ?? self, args)
  })
}
