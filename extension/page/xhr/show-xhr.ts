import { attempt } from '../attempt.ts'
import {
  appendHeader,
  apply,
  asString,
  eachHeader,
  getHeader,
  matches,
  NativeDOMException,
  NativeXhr,
  xhrResponseType,
} from '../primordials.ts'
import { replace, type Trap } from '../replace.ts'
import { shownUrl } from '../response.ts'
import { stateFor, stateOf } from './catch-xhr.ts'
import type { XhrCall, XhrReceived } from './xhr-call.ts'
import { noteUpload } from './xhr-upload.ts'

const { prototype } = NativeXhr

/** Answers for a caught call. `native` asks the browser: it throws where the page reads what does not fit `responseType`. */
type Answer = (call: XhrCall, native: () => unknown, args: unknown[], xhr: XMLHttpRequest) => unknown

/** An accessor or method that answers for a caught call and leaves every other instance to the browser. */
function forCaught(key: string, answer: Answer): void {
  replace(prototype, key, (native, self, args) => {
    const call = stateOf(self)?.carried
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
    // Only what needs an argument, and is null otherwise, can lack one: the browser says so.
    if (otherwise === null && args.length === 0) return native()
    return call.received ? tell(call.received, asString(args[0])) : otherwise
  })
}

/** Make the properties and methods of XMLHttpRequest speak for a caught call. */
export function showXhr(): void {
  forCaught('readyState', (call) => call.phase)
  forCaught('abort', (call) => call.fail('abort'))
  fromReceived('status', ({ head }) => head.status, 0)
  fromReceived('statusText', ({ head }) => head.statusText, '')
  fromReceived('responseURL', ({ head }) => shownUrl(head.url), '')
  fromReceived('getResponseHeader', ({ fields }, name) => headerIn(fields, name), null)
  fromReceived('getAllResponseHeaders', ({ fields }) => allOf(fields), '')
  replace(prototype, 'upload', (native, self, args) => {
    const target = apply(native, self, args)
    noteUpload(self as object, target)
    return target
  })
  showBody()
  guardSettings()
}

/** Null for a name that none can have, which `Headers` refuses. */
const headerIn = (headers: Headers, name: string): string | null =>
  attempt(() => getHeader(headers, name)) ?? null

function allOf(headers: Headers): string {
  let lines = ''
  eachHeader(headers, (value, name) => {
    lines += `${name}: ${value}\r\n`
  })
  return lines
}

function showBody(): void {
  const text = (call: XhrCall, type: XMLHttpRequestResponseType) =>
    call.phase > 2 && call.received ? call.received.body.text(call.phase === 4, type) : ''
  const value = (call: XhrCall, type: XMLHttpRequestResponseType) =>
    call.phase === 4 && call.received ? call.received.body.value(type) : null
  forCaught('responseText', (call, native, _, xhr) => {
    native()
    return text(call, xhrResponseType(xhr))
  })
  forCaught('responseXML', (call, native, _, xhr) => {
    native()
    return value(call, xhrResponseType(xhr))
  })
  forCaught('response', (call, _, __, xhr) => {
    const type = xhrResponseType(xhr)
    return type && type !== 'text' ? value(call, type) : text(call, type)
  })
}

/** What may not be set while a call runs. */
function guardSettings(): void {
  const guarded =
    (mostState: number, then?: (self: XMLHttpRequest, args: unknown[]) => void): Trap =>
    (native, self, args) => {
      if ((stateOf(self)?.carried?.phase ?? 0) > mostState) {
        throw new NativeDOMException('The object is in an invalid state.', 'InvalidStateError')
      }
      apply(native, self, args)
      then?.(self as XMLHttpRequest, args)
    }
  const setType = guarded(2)
  replace(prototype, 'responseType', null, (native, self, args) => {
    // A name that no type has is passed over without a word (Web IDL, attributes of an enumeration's type).
    const name = asString(args[0])
    const set = matches(/^(arraybuffer|blob|document|json|text|)$/, name) ? setType : apply
    set(native, self, [name])
  })
  replace(prototype, 'withCredentials', null, guarded(0))
  replace(
    prototype,
    'timeout',
    null,
    guarded(4, (self) => stateOf(self)?.carried?.setTimer()),
  )
  replace(
    prototype,
    'overrideMimeType',
    guarded(2, (self, args) => {
      stateFor(self).mime = asString(args[0])
    }),
  )
  replace(prototype, 'setRequestHeader', (native, self, args) => {
    const state = stateOf(self)
    // A native instance that was not opened throws what one throws that was sent.
    apply(native, state?.carried ? new NativeXhr() : self, args)
    if (state) appendHeader(state.headers, asString(args[0]), asString(args[1]))
  })
}
