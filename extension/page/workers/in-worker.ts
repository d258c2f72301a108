import { learnBases } from '../catch-list.ts'
import {
  apply,
  asString,
  type Callable,
  cancelEvent,
  construct,
  hideEvent,
  hrefOf,
  later,
  NativeResponse,
  NativeUrl,
  NativeXhr,
  on,
  ownProperty,
  page,
  requestUrl,
  scope,
} from '../primordials.ts'
import { replace, replaceConstructor } from '../replace.ts'
import { parseUrl } from '../response.ts'
import { joinParent } from '../wire.ts'
import type { WorkerSetting } from './own-source.ts'

declare const WorkerLocation: { prototype: object }
declare const importScripts: Callable

/**
 * Make this worker, whose address is that of a blob, take the address of its own script for its own: by `location`, and
 * wherever an address may be relative. Then start that script.
 */
export function settleIn({ url, script, bases }: WorkerSetting): void {
  const blobUrl = location.href
  const tell = joinParent()
  if (bases) learnBases(bases)
  moveTo(new NativeUrl(url))
  takeRelative()
  replace(page, 'close', (native, self, args) => {
    tell({ type: 'closed' })
    return apply(native, self, args)
  })
  on(page, 'error', (event) => {
    // The call of `importScripts` below failed: whoever started this worker starts the browser's own instead.
    if ((event as ErrorEvent).filename !== blobUrl) return
    cancelEvent(event)
    hideEvent(event)
    tell({ type: 'failed' })
  })
  later(() => tell({ type: 'loaded' }), 0)
  if (script) apply(importScripts, page, [script])
}

function moveTo(url: URL): void {
  const { prototype } = WorkerLocation
  for (const key of Object.keys(prototype)) {
    const { get, value } = ownProperty(NativeUrl.prototype, key) as PropertyDescriptor
    replace(prototype, key, (native, self, args) => {
      // A wrong receiver is refused by the browser.
      apply(native, self, args)
      return apply(get ?? value, url, [])
    })
  }
}

/** Functions that take an address, and which of their arguments that is; of `importScripts` each. */
function takeRelative(): void {
  const resolveIn = (owner: object | undefined, keys: string, at = 0) => {
    for (const key of keys.split(' ')) {
      if (owner) replace(owner, key, (native, self, args) => apply(native, self, resolved(args, at)))
    }
  }
  resolveIn(scope, 'fetch')
  resolveIn(scope, 'importScripts', -1)
  resolveIn(NativeXhr.prototype, 'open', 1)
  resolveIn(NativeResponse, 'redirect')
  resolveIn(globalThis.Cache?.prototype, 'add match matchAll put delete')
  resolveIn(globalThis.CacheStorage?.prototype, 'match')
  for (const key of ['Request', 'EventSource', 'WebSocket']) {
    replaceConstructor(key, (args, made, native) => construct(native, resolved(args, 0), made))
  }
}

/** @param at which argument; -1: each. */
function resolved(args: unknown[], at: number): unknown[] {
  for (let i = 0; i < args.length; i++) if (at < 0 || i === at) args[i] = absolute(args[i])
  return args
}

function absolute(given: unknown): unknown {
  try {
    requestUrl(given as Request)
    return given
  } catch {
    const text = asString(given)
    const url = parseUrl(text)
    return url ? hrefOf(url) : text
  }
}
