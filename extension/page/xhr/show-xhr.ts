import { withoutOurFrames } from '../failure.ts'
import {
  appendHeader,
  apply,
  asString,
  eachHeader,
  getHeader,
  isGecko,
  NativeDOMException,
  NativeXhr,
  xhrResponseType,
} from '../primordials.ts'
import { replace, type Trap } from '../replace.ts'
import { shownUrl } from '../response.ts'
import { stateFor, stateOf } from './catch-xhr.ts'
import type { XhrCall, XhrReceived } from './xhr-call.ts'

const { prototype } = NativeXhr

/** Answers for a caught call. `native` asks the browser: it throws where the page reads what does not fit `responseType`. */
type Answer = (call: XhrCall, native: () => unknown, args: unknown[], xhr: XMLHttpRequest) => unknown

/** An accessor or method that answers for a caught call and leaves every other instance to the browser. */
function forCaught(key: string, answer: Answer): void {
  replace(prototype, key, (native, self, args) => {
    const call = stateOf(self)?.call
    const ask = () => apply(native, self, args)
    return call ? answer(call, ask, args, self as XMLHttpRequest) : ask()
  })
}

/** What was received, from `HEADERS_RECEIVED` on. */
function fromReceived(
  key: string,
  tell: (received: XhrReceived, name: string) => unknown,
  otherwise: unknown,
): void {
  forCaught(key, (call, native, args) => {
    // Only a method that needs an argument can lack one: the browser says so.
    if (key === 'getResponseHeader' && args.length === 0) return native()
    return call.received ? tell(call.received, asString(args[0])) : otherwise
  })
}

/** Make the properties and methods of XMLHttpRequest speak for a caught call. */
export function showXhr(): void {
  forCaught('readyState', (call) => call.readyState)
  forCaught('abort', (call) => call.fail('abort'))
  fromReceived('status', ({ head }) => head.status, 0)
  fromReceived('statusText', ({ head }) => head.statusText, '')
  fromReceived('responseURL', ({ head }) => shownUrl(head.url), '')
  fromReceived('getResponseHeader', ({ headers }, name) => getHeader(headers, name), null)
  fromReceived('getAllResponseHeaders', ({ headers }) => allOf(headers), '')
  showBody()
  guardSettings()
}

function allOf(headers: Headers): string {
  let lines = ''
  eachHeader(headers, (value, name) => {
    lines += `${name}: ${value}\r\n`
  })
  return lines
}

function showBody(): void {
  const text = (call: XhrCall) =>
    call.readyState > 2 && call.received ? call.received.body.text(call.readyState === 4) : ''
  const value = (call: XhrCall, type: XMLHttpRequestResponseType) =>
    call.readyState === 4 && call.received ? call.received.body.value(type) : null
  forCaught('responseText', (call, native) => {
    native()
    return text(call)
  })
  forCaught('responseXML', (call, native, _, xhr) => {
    native()
    return value(call, xhrResponseType(xhr))
  })
  forCaught('response', (call, _, __, xhr) => {
    const type = xhrResponseType(xhr)
    return type && type !== 'text' ? value(call, type) : text(call)
  })
}

/** What may not be set while a call runs. */
function guardSettings(): void {
  const guard = (key: string, isSetter: boolean, least: number, reason: string, then?: Trap) => {
    const trap: Trap = (native, self, args) => {
      if ((stateOf(self)?.call?.readyState ?? 0) > least) refuse(key, reason)
      apply(native, self, args)
      then?.(native, self, args)
    }
    replace(prototype, key, isSetter ? null : trap, isSetter ? trap : undefined)
  }
  guard('responseType', true, 2, LOADING)
  guard('withCredentials', true, 0, 'object was sent')
  guard('timeout', true, 4, '', (_, self) => stateOf(self)?.call?.setTimer())
  guard('overrideMimeType', false, 2, LOADING, (_, self, args) => {
    stateFor(self as XMLHttpRequest).mime = asString(args[0])
  })
  replace(prototype, 'setRequestHeader', (native, self, args) => {
    const state = stateOf(self)
    // A native instance that was not opened throws what one throws that was sent.
    apply(native, state?.call ? new NativeXhr() : self, args)
    if (state) appendHeader(state.headers, asString(args[0]), asString(args[1]))
  })
}

const LOADING = "object's state is LOADING or DONE"

function refuse(name: string, reason: string): never {
  const subject = isGecko ? `XMLHttpRequest.${name}` : `Failed to use '${name}' on 'XMLHttpRequest'`
  throw withoutOurFrames(
    new NativeDOMException(`${subject}: not allowed because the ${reason}.`, 'InvalidStateError'),
  )
}
