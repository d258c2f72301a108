import { isCaught } from '../catch-list.ts'
import {
  apply,
  asString,
  type Callable,
  clone,
  hrefOf,
  isGecko,
  isRemoved,
  matches,
  NativeDOMException,
  NativeHeaders,
  NativeTypeError,
  NativeWeakMap,
  NativeXhr,
  tagOf,
  weakGet,
  weakSet,
  xhrReadyState,
  xhrUpload,
} from '../primordials.ts'
import { replace } from '../replace.ts'
import { isSameOrigin, parseUrl } from '../response.ts'
import { waitForList } from '../wire.ts'
import { type XhrCall, xhrCallFor } from './xhr-call.ts'
import { tell } from './xhr-events.ts'
import { buildXhrRequest, toBody } from './xhr-request.ts'
import { noteUpload, uploadOf } from './xhr-upload.ts'

/** What the page told an instance. The native instance is told the same, so that it throws what it throws. */
export interface XhrState {
  method: string
  url: URL | null
  isAsync: boolean
  headers: Headers
  /** What `overrideMimeType` was given last. */
  mime: string | null
  /** From a caught (or held) `send` to the next `open`. */
  carried: XhrCall | null
}

const states: WeakMap<object, XhrState> = new NativeWeakMap()

/** What is known of an instance; undefined before its first `open` or `overrideMimeType`, and for other objects. */
export const stateOf = (xhr: unknown): XhrState | undefined => weakGet(states, xhr)

const newState = (mime: string | null): XhrState => ({
  method: '',
  url: null,
  isAsync: true,
  headers: new NativeHeaders(),
  mime,
  carried: null,
})

/** The state to write to. */
export function stateFor(xhr: XMLHttpRequest): XhrState {
  const state = stateOf(xhr) ?? newState(null)
  weakSet(states, xhr, state)
  return state
}

/** Catch `open` and `send`. */
export function catchXhr(): void {
  const { prototype } = NativeXhr
  replace(prototype, 'open', (native, self, args) => reopen(native, self as XMLHttpRequest, args))
  replace(prototype, 'send', (native, self, args) => {
    // Making a text of a body runs code of the page, which may open or send this very instance.
    if (stateOf(self)?.url && args.length > 0) args[0] = toBody(args[0])
    const state = stateOf(self)
    // SECURITY: no browser sends anything for a document without a frame. Each says so in its own way.
    if (!state?.url || isRemoved()) return apply(native, self, args)
    // A native instance that was not opened throws what one throws that was sent.
    if (state.carried) return apply(native, new NativeXhr(), args)
    return send(native, self as XMLHttpRequest, args, state)
  })
}

/** The native instance is opened as well and never sent: it keeps what the page sets and throws where the page errs. */
function reopen(native: Callable, xhr: XMLHttpRequest, args: unknown[]): unknown {
  const before = stateOf(xhr)
  const wasOpened = before?.carried ? xhrReadyState(xhr) === 1 && before.carried.phase !== 1 : false
  if (args.length > 1) {
    args[0] = asString(args[0])
    args[1] = asString(args[1])
  }
  const state = newState(before?.mime ?? null)
  state.method = args[0] as string
  state.url = parseUrl(args[1] as string)
  state.isAsync = args.length < 3 || Boolean(args[2])
  weakSet(states, xhr, state)
  try {
    apply(native, xhr, args)
  } catch (error) {
    weakSet(states, xhr, before as XhrState)
    throw error
  }
  before?.carried?.drop()
  uploadOf(xhr)?.open()
  if (wasOpened) tell(xhr, 'readystatechange')
  return undefined
}

function send(native: Callable, xhr: XMLHttpRequest, args: unknown[], state: XhrState): unknown {
  const caught = isCaught(state.url as URL)
  // SECURITY: a synchronous call cannot wait for the list. Before it is here, one that leaves the page's own origin is
  // refused as a caught one is; one to its own origin tells nobody a placeholder who does not serve the page.
  const isOwn = !caught && !state.isAsync && isSameOrigin(hrefOf(state.url as URL))
  if (caught === false || isOwn) return apply(native, xhr, args)
  if (isShared(args[0])) refuseShared(native, args)
  // Firefox tells of an upload whenever it is listened to.
  if (isGecko) noteUpload(xhr, xhrUpload(xhr))
  const call = xhrCallFor(xhr, () => state.mime)
  state.carried = call
  if (!state.isAsync) return refuseSync(call, state)
  const build = () => buildXhrRequest(state.method, hrefOf(state.url as URL), state.headers, args[0])
  const held = caught ? null : [asItIs(args[0])]
  call.begin(build, args[0], held ? () => isOurs(native, xhr, held, state) : undefined)
  return undefined
}

const isShared = (body: unknown) => matches(/Shared/, tagOf((body as ArrayBufferView | null)?.buffer ?? body))

/**
 * What no instance sends, one that was not opened refuses before it says so: memory that is shared. Asked of no other body: what
 * a page put under us before it was connected would see a call that nobody made.
 */
function refuseShared(native: Callable, args: unknown[]): void {
  try {
    apply(native, new NativeXhr(), args)
  } catch (error) {
    if (error instanceof NativeTypeError) throw error
  }
}

/** A copy: while the call waits for the list the page may go on with what it gave. Of what cannot be copied, itself. */
function asItIs(given: unknown): unknown {
  try {
    return clone(given, [])
  } catch {
    return (given as Node).cloneNode?.(true) ?? given
  }
}

/** Wait for the list. True: the call is caught. What is not is the browser's own now; what has no list is an error. */
async function isOurs(native: Callable, xhr: XMLHttpRequest, args: unknown[], state: XhrState) {
  const { carried: call } = state
  const answered = await waitForList()
  if (stateOf(xhr) !== state || call?.phase !== 1) return false
  if (!answered) call.fail('error')
  else if (isCaught(state.url as URL)) return true
  else {
    call.drop()
    state.carried = null
    apply(native, xhr, args)
  }
  return false
}

/** SECURITY: a synchronous caught call cannot be carried, and must not reach the network with its placeholder. */
function refuseSync(call: XhrCall, state: XhrState): never {
  call.phase = 4
  call.drop()
  const message = isGecko
    ? 'A network error occurred.'
    : `Failed to execute 'send' on 'XMLHttpRequest': Failed to load '${hrefOf(state.url as URL)}'.`
  throw new NativeDOMException(message, 'NetworkError')
}
