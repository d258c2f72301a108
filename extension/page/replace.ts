import {
  apply,
  type Callable,
  defineProperty,
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
    apply: (_, self, args) => trap(native, self, args),
    __proto__: null,
  } as ProxyHandler<Callable>)
  weakSet(natives, proxy, native)
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

/** Replace a constructor of this window, also where its prototype names it. Called without `new` it stays the browser's. */
export function replaceConstructor(
  key: 'EventSource',
  make: (args: unknown[], target: NewableFunction) => object,
): void {
  const native = page[key]
  const value = new NativeProxy(native, {
    construct: (_, args, target) => make(args, target as NewableFunction),
    __proto__: null,
  } as ProxyHandler<typeof native>)
  weakSet(natives, value, native)
  // What is left out of a descriptor stays as it is.
  defineProperty(page, key, { value, __proto__: null } as PropertyDescriptor)
  defineProperty(native.prototype, 'constructor', { value, __proto__: null } as PropertyDescriptor)
}

/** Replace several methods or getters by the same. */
export function replaceAll(owner: object, keys: readonly string[], trap: Trap): void {
  for (let i = 0; i < keys.length; i++) replace(owner, keys[i] as string, trap)
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
