import { listBases } from '../catch-list.ts'
import {
  apply,
  blockedUri,
  type Callable,
  cancelEvent,
  clone,
  construct,
  createUrl,
  each,
  fire,
  hideEvent,
  isArray,
  NativeBlob,
  NativeErrorEvent,
  NativeEvent,
  NativeMessageEvent,
  on,
  page,
  portsOf,
  postToWorker,
  revokeUrl,
  toJson,
  unlisten,
  VIOLATION_EVENT,
} from '../primordials.ts'
import { follow, notice } from '../wire.ts'
import { carryWorker } from './carry-worker.ts'
import { ownSource } from './own-source.ts'

/** What a worker is to run, and how the browser itself would have been asked for it. */
export interface WorkerPlan {
  readonly native: Callable
  readonly args: unknown[]
  /** What the page built: the constructor, or a class of its own on top of it. */
  readonly made: Callable
  /** What the worker takes for its address. */
  readonly url: string
  /** Where the address is one's. */
  readonly blob: Blob | undefined
}

/** A worker that starts with this script. */
export interface Covered {
  /** What the page holds. */
  readonly worker: Worker
  /** `postMessage`, for the worker that runs. */
  post(native: Callable, args: unknown[]): unknown
  /** Before `terminate`: end all there is of it. */
  end(native: Callable): void
}

let starting = 0
let refused = false

/** True once the page's policy was seen to let no worker run from a text. */
export const isRefused = (): boolean => refused

/** While a worker of ours starts, hear of the policy that does not let it, before the page does: it built no such worker. */
export function hearOfRefusals(): void {
  on(
    page,
    VIOLATION_EVENT,
    (event) => {
      if (starting === 0 || blockedUri(event as SecurityPolicyViolationEvent) !== 'blob') return
      hideEvent(event)
      refused = true
    },
    true,
  )
}

/**
 * Start a worker with this script. Where its own script could not be loaded that way, because the page's policy lets no
 * worker run from a text or for any other reason, the browser's own worker runs behind the one the page holds: what the
 * page sent meanwhile is kept for it, and its events are told on.
 *
 * @throws what the browser throws where it builds no worker from a text.
 */
export function cover({ native, args, made, url, blob }: WorkerPlan): Covered {
  const isModule = (args[1] as WorkerOptions | undefined)?.type === 'module'
  const urls: string[] = []
  let held: unknown[][] | null = []
  let behind: Worker | null = null
  let endCalls = (): void => {}

  const urlFor = (parts: BlobPart[], type = 'text/javascript') => {
    urls[urls.length] = createUrl(new NativeBlob(parts, { type }))
    return urls[urls.length - 1] as string
  }
  // Firefox loads a blob by `importScripts` only where it has a script's type.
  const script = blob ? urlFor([blob], isModule ? blob.type : undefined) : url
  const setting = toJson({ url, script: isModule ? null : script, bases: listBases() })
  let start = urlFor(['(', ownSource(), ')(', setting, ')'])
  if (isModule) start = urlFor(['import ', toJson(start), ';import ', toJson(script)])

  /** From now on it is known which worker runs; null: none. */
  const settle = (running: Worker | null) => {
    const messages = held ?? []
    held = null
    starting -= 1
    each(urls, revokeUrl)
    if (running) each(messages, (message) => apply(postToWorker, running, message))
  }
  const tellOn = (event: Event, Kind: new (type: string, init: Event) => Event) => {
    if (!fire(worker, new Kind(event.type, event))) cancelEvent(event)
  }
  const fallBack = () => {
    if (!held) return
    unlisten(worker, 'message', first)
    endCalls()
    notice('worker')
    behind = construct(native, [blob ? script : url, args[1]]) as Worker
    on(behind, 'message', (event) => tellOn(event, NativeMessageEvent as never))
    on(behind, 'messageerror', (event) => tellOn(event, NativeMessageEvent as never))
    on(behind, 'error', (event) => tellOn(event, (isBare(event) ? NativeEvent : NativeErrorEvent) as never))
    settle(behind)
  }
  /** The very first message is this script's, in the worker, and no one else hears of it. */
  const first = (event: Event) => {
    hideEvent(event)
    unlisten(worker, 'message', first)
    const port = portsOf(event as MessageEvent)[0] as MessagePort
    const unfollow = follow(port)
    const cancelAll = carryWorker(port, (word) => {
      if (word.type === 'failed') fallBack()
      else if (word.type === 'notice') notice(word.notice)
      else if (word.type === 'closed') endCalls()
      else if (held) settle(worker)
    })
    endCalls = () => {
      unfollow()
      cancelAll()
    }
  }

  let worker: Worker
  starting += 1
  try {
    worker = construct(native, [start, args[1]], made) as Worker
  } catch (error) {
    settle(null)
    refused = true
    throw error
  }
  on(worker, 'message', first)
  on(worker, 'error', (event) => {
    // No line of it has run: later errors have a message, and none is of this script's own text.
    if (!held || !(isBare(event) || (event as ErrorEvent).filename === start)) return
    hideEvent(event)
    fallBack()
  })
  return {
    worker,
    post(post, given) {
      if (held && given.length > 0) {
        const option = given[1] as StructuredSerializeOptions | undefined
        const list = isArray(option) ? option : (option?.transfer ?? [])
        try {
          held[held.length] = clone([given[0], list], list) as unknown[]
          return undefined
        } catch {
          // The browser says in its own words what cannot be cloned.
        }
      }
      return apply(post, behind ?? worker, given)
    },
    end(terminate) {
      endCalls()
      if (held) settle(null)
      if (behind) apply(terminate, behind, [])
    },
  }
}

const isBare = (event: Event): boolean => (event as ErrorEvent).message === undefined
