import {
  apply,
  asString,
  bare,
  type Callable,
  construct,
  hasDefaultPolicy,
  hrefOf,
  NativeUrl,
  NativeWeakMap,
  protocolOf,
  tagOf,
  weakGet,
  weakSet,
} from '../primordials.ts'
import { replace, replaceConstructor } from '../replace.ts'
import { isSameOrigin, parseUrl } from '../response.ts'
import { notice } from '../wire.ts'
import { type Covered, cover, isRefused } from './covered-worker.ts'

/** Blobs that have an address: a page mostly takes the address away as soon as its worker is built. */
const blobs: Record<string, Blob> = bare()
const workers: WeakMap<object, Covered> = new NativeWeakMap()

/**
 * Cover dedicated workers: they start with this script, and this document carries their calls. A worker that is not covered
 * is the browser's own, and the owner is told of it.
 */
export function coverWorkers(): void {
  const { prototype } = Worker
  rememberBlobs()
  replaceConstructor('Worker', build)
  replace(prototype, 'postMessage', (native, self, args) => {
    const covered = weakGet(workers, self)
    return covered ? covered.post(native, args) : apply(native, self, args)
  })
  replace(prototype, 'terminate', (native, self, args) => {
    weakGet(workers, self)?.end(native)
    return apply(native, self, args)
  })
}

/** Tell the owner of workers that this script cannot start in: those of several documents, or of none. */
export function watchOtherWorkers(): void {
  replaceConstructor('SharedWorker', (args, made, native) => {
    notice('worker')
    return construct(native, args, made)
  })
  const { serviceWorker } = navigator as { serviceWorker?: ServiceWorkerContainer }
  if (!serviceWorker) return
  if (serviceWorker.controller) notice('worker')
  replace(ServiceWorkerContainer.prototype, 'register', (native, self, args) => {
    notice('worker')
    return apply(native, self, args)
  })
}

function rememberBlobs(): void {
  replace(NativeUrl, 'createObjectURL', (native, self, args) => {
    const url = apply(native, self, args) as string
    const tag = tagOf(args[0])
    if (tag === '[object Blob]' || tag === '[object File]') blobs[url] = args[0] as Blob
    return url
  })
  replace(NativeUrl, 'revokeObjectURL', (native, self, args) => {
    if (args.length > 0) {
      args[0] = asString(args[0])
      delete blobs[args[0] as string]
    }
    return apply(native, self, args)
  })
}

function build(args: unknown[], made: Callable, native: Callable): object {
  const covered = tryCover(args, made, native)
  if (!covered) {
    const worker: object = construct(native, args, made)
    notice('worker')
    return worker
  }
  weakSet(workers, covered.worker, covered)
  return covered.worker
}

/** Null: nothing that this script could run in, or nothing that the browser would build from a text. */
function tryCover(args: unknown[], made: Callable, native: Callable): Covered | null {
  if (args.length === 0 || tagOf(args[0]) === '[object TrustedScriptURL]') return null
  args[0] = asString(args[0])
  if (args.length > 1) args[1] = optionsOf(args[1])
  const parsed = parseUrl(args[0] as string)
  if (!parsed) return null
  const url = hrefOf(parsed)
  // In a worker the browser itself would resolve it against the address of a blob.
  args[0] = url
  const blob = blobs[url]
  const isHttp = protocolOf(parsed) === 'https:' || protocolOf(parsed) === 'http:'
  if (isRefused() || hasDefaultPolicy() || !(blob || (isHttp && isSameOrigin(url)))) return null
  try {
    return cover({ native, args, made, url, blob })
  } catch {
    return null
  }
}

/** The options, each read once, as the browser reads them. */
function optionsOf(given: unknown): unknown {
  if (typeof given !== 'object' || given === null) return given
  const options: Record<string, unknown> = bare()
  const { credentials, name, type } = given as WorkerOptions
  if (credentials !== undefined) options.credentials = asString(credentials)
  if (name !== undefined) options.name = asString(name)
  if (type !== undefined) options.type = asString(type)
  return options
}
