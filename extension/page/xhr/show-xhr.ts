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
import { replaceAccessor, replaceMethod, type Trap } from '../replace.ts'
import { shownUrl } from '../response.ts'
import { stateFor, stateOf } from './catch-xhr.ts'
import type { XhrCall, XhrReceived } from './xhr-call.ts'

const { prototype } = NativeXhr

/** An accessor or method that answers for a caught call and leaves every other instance to the browser. */
const forCaught =
  (answer: (call: XhrCall, self: XMLHttpRequest, native: () => unknown, args: unknown[]) => unknown): Trap =>
  (native, self, args) => {
    const call = stateOf(self)?.call
    const ask = () => apply(native, self, args)
    return call ? answer(call, self as XMLHttpRequest, ask, args) : ask()
  }

/** What was received, from `HEADERS_RECEIVED` on. */
const fromReceived = (read: (received: XhrReceived) => unknown, otherwise: unknown): Trap =>
  forCaught((call) => (call.received ? read(call.received) : otherwise))

/** Make the properties and methods of XMLHttpRequest speak for a caught call. */
export function showXhr(): void {
  showState()
  showBody()
  guardSettings()
  replaceMethod(
    prototype,
    'abort',
    forCaught((call) => call.fail('abort')),
  )
}

function showState(): void {
  replaceAccessor(
    prototype,
    'readyState',
    forCaught((call) => call.readyState),
  )
  replaceAccessor(
    prototype,
    'status',
    fromReceived(({ head }) => head.status, 0),
  )
  replaceAccessor(
    prototype,
    'statusText',
    fromReceived(({ head }) => head.statusText, ''),
  )
  replaceAccessor(
    prototype,
    'responseURL',
    fromReceived(({ head }) => shownUrl(head.url), ''),
  )
  replaceMethod(
    prototype,
    'getResponseHeader',
    forCaught((call, _, native, args) => {
      if (args.length === 0) return native()
      return call.received ? getHeader(call.received.headers, asString(args[0])) : null
    }),
  )
  replaceMethod(
    prototype,
    'getAllResponseHeaders',
    fromReceived(({ headers }) => {
      let lines = ''
      eachHeader(headers, (value, name) => {
        lines += `${name}: ${value}\r\n`
      })
      return lines
    }, ''),
  )
}

/** The native accessors are asked first: they throw where the page reads one that does not fit `responseType`. */
function showBody(): void {
  const text = (call: XhrCall) =>
    call.readyState < 3 ? '' : (call.received?.body.text(call.readyState === 4) ?? '')
  replaceAccessor(
    prototype,
    'responseText',
    forCaught((call, _, native) => {
      native()
      return text(call)
    }),
  )
  replaceAccessor(
    prototype,
    'responseXML',
    forCaught((call, xhr, native) => {
      native()
      return call.readyState === 4
        ? (call.received?.body.document(xhrResponseType(xhr) === 'document') ?? null)
        : null
    }),
  )
  replaceAccessor(
    prototype,
    'response',
    forCaught((call, xhr) => {
      const type = xhrResponseType(xhr)
      if (type === '' || type === 'text') return text(call)
      return call.readyState === 4 ? (call.received?.body.value(type) ?? null) : null
    }),
  )
}

function refuse(name: string, reason: string): never {
  const subject = isGecko ? `XMLHttpRequest.${name}` : `Failed to use '${name}' on 'XMLHttpRequest'`
  throw withoutOurFrames(
    new NativeDOMException(`${subject}: not allowed because the ${reason}.`, 'InvalidStateError'),
  )
}

/** What may not be set while a call runs. */
function guardSettings(): void {
  const isLoading = (self: unknown): boolean => (stateOf(self)?.call?.readyState ?? 0) > 2
  guardSetter('responseType', isLoading, "object's state is LOADING or DONE")
  guardSetter('withCredentials', (self) => (stateOf(self)?.call?.readyState ?? 0) > 0, 'object was sent')
  replaceAccessor(prototype, 'timeout', null, (native, self, args) => {
    apply(native, self, args)
    stateOf(self)?.call?.setTimer()
  })
  replaceMethod(prototype, 'overrideMimeType', (native, self, args) => {
    if (isLoading(self)) refuse('overrideMimeType', "object's state is LOADING or DONE")
    apply(native, self, args)
    stateFor(self as XMLHttpRequest).mime = asString(args[0])
  })
  replaceMethod(prototype, 'setRequestHeader', (native, self, args) => {
    const state = stateOf(self)
    // A native instance that was not opened throws what one throws that was sent.
    apply(native, state?.call ? new NativeXhr() : self, args)
    if (state) appendHeader(state.headers, asString(args[0]), asString(args[1]))
  })
}

function guardSetter(key: string, isFixed: (self: unknown) => boolean, reason: string): void {
  replaceAccessor(prototype, key, null, (native, self, args) => {
    if (isFixed(self)) refuse(key, reason)
    apply(native, self, args)
  })
}
