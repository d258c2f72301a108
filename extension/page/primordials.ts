/**
 * The platform as it was before the page's first script. The page may replace any of it later, by accident (polyfills,
 * fake timers) or not; this room uses what was captured here and never looks a global or a prototype up again.
 */

// biome-ignore lint/complexity/noBannedTypes: any callable of the platform, called through Reflect.apply only.
export type Callable = Function

export const { apply, construct, defineProperty, getOwnPropertyDescriptor } = Reflect
const { create } = Object

/** A method of a prototype as a function of its receiver. */
function method<This, Args extends unknown[], Result>(
  native: (this: This, ...args: Args) => Result,
): (self: This, ...args: Args) => Result {
  return (self, ...args) => apply(native, self, args) as Result
}

/** An accessor of a prototype as a function of its receiver; answers undefined where this browser has no such property. */
function getter<T extends object, K extends keyof T>(prototype: T, key: K): (self: T) => T[K] {
  const native = getOwnPropertyDescriptor(prototype, key)?.get ?? (() => undefined)
  return (self) => apply(native, self, []) as T[K]
}

/** An object without a prototype: the page's `Object.prototype` does not show through. */
export const bare = <T extends object>(): T => create(null) as T

export const page = globalThis
export const NativePromise = Promise
export const NativeTypeError = TypeError
export const NativeRequest = Request
export const NativeResponse = Response
export const NativeHeaders = Headers
export const NativeUrl = URL
export const NativeBlob = Blob
export const NativeStream = ReadableStream
export const NativeBytes = Uint8Array
export const NativeEvent = Event
export const NativeProgressEvent = ProgressEvent
export const NativeMessageEvent = MessageEvent
export const NativeMessageChannel = MessageChannel
export const NativeWeakMap = WeakMap
export const NativeWeakRef = WeakRef
export const NativeFinalizationRegistry = FinalizationRegistry
export const NativeDOMException = DOMException
export const NativeXhr = XMLHttpRequest
export const NativeDecoder = TextDecoder
export const NativeDomParser = DOMParser
export const NativeProxy = Proxy
export const asString = String
export const { parse: parseJson } = JSON
const { now } = performance
/** Milliseconds on the document's monotonic clock. */
export const clock = (): number => apply(now, performance, [])

/** `setTimeout` of this window. */
export const later = (
  (native) =>
  (run: () => void, milliseconds: number): number =>
    apply(native, page, [run, milliseconds]) as number
)(setTimeout)
export const never = (
  (native) =>
  (timer: number | undefined): void =>
    apply(native, page, [timer])
)(clearTimeout)

export const weakGet = method(WeakMap.prototype.get) as <V>(
  map: WeakMap<object, V>,
  key: object,
) => V | undefined
export const weakSet = method(WeakMap.prototype.set) as <V>(
  map: WeakMap<object, V>,
  key: object,
  value: V,
) => unknown
export const deref = method(WeakRef.prototype.deref) as <T extends WeakKey>(ref: WeakRef<T>) => T | undefined
export const watchCollected = method(FinalizationRegistry.prototype.register)

export const lowerCase = method(String.prototype.toLowerCase)
export const startsWith = method(String.prototype.startsWith)
export const indexOf = method(String.prototype.indexOf)
export const sliceText = method(String.prototype.slice)
export const matches = method(RegExp.prototype.exec)
export const splitText = method(String.prototype.split as (separator: string) => string[])
export const joinText = method(Array.prototype.join)
export const tagOf = method(Object.prototype.toString)

export const toBase64 = method(Uint8Array.prototype.toBase64)
export const fromBase64 = Uint8Array.fromBase64
/** Bytes of an array. Not `.length`: the page can make that anything, and loops over bytes would never end. */
export const sizeOf = getter(Object.getPrototypeOf(Uint8Array.prototype) as Uint8Array, 'length')
export const subarray = method(Uint8Array.prototype.subarray)
export const setBytes = method(Uint8Array.prototype.set)
const encoder = new TextEncoder()
const encode = method(TextEncoder.prototype.encode)
export const utf8 = (text: string): Uint8Array<ArrayBuffer> =>
  encode(encoder, text) as Uint8Array<ArrayBuffer>
export const decodeText = method(TextDecoder.prototype.decode)
export const parseDocument = method(DOMParser.prototype.parseFromString)

export const hrefOf = getter(URL.prototype, 'href')
export const originOf = getter(URL.prototype, 'origin')
export const protocolOf = getter(URL.prototype, 'protocol')
export const pathOf = getter(URL.prototype, 'pathname')
const setHash = getOwnPropertyDescriptor(URL.prototype, 'hash')?.set ?? (() => undefined)
export const dropHash = (url: URL): void => apply(setHash, url, [''])

const baseUri = getter(Node.prototype, 'baseURI')
/** What relative URLs of this document are resolved against, at this moment. */
export const baseUrl = (): string => baseUri(document)

const prerendering = getter(Document.prototype as Document & { prerendering?: boolean }, 'prerendering')
/** Whether this document is made ready but not shown. False in browsers that do not prerender. */
export const isPrerendering = (): boolean => prerendering(document) === true

export const requestUrl = getter(Request.prototype, 'url')
export const requestMethod = getter(Request.prototype, 'method')
export const requestHeaders = getter(Request.prototype, 'headers')
export const requestSignal = getter(Request.prototype, 'signal')
export const requestMode = getter(Request.prototype, 'mode')
export const requestRedirect = getter(Request.prototype, 'redirect')
export const requestIntegrity = getter(Request.prototype, 'integrity')
/** Undefined in browsers without `Request.body` (Firefox 153). */
export const requestStream = getter(Request.prototype, 'body') as (
  self: Request,
) => Request['body'] | undefined
export const requestBytes = method(Request.prototype.arrayBuffer)
export const requestBlob = method(Request.prototype.blob)

export const blobSize = getter(Blob.prototype, 'size')
export const sliceBlob = method(Blob.prototype.slice)
export const blobBytes = method(Blob.prototype.arrayBuffer)

export const eachHeader = method(Headers.prototype.forEach)
export const getHeader = method(Headers.prototype.get)
export const appendHeader = method(Headers.prototype.append)
export const setHeader = method(Headers.prototype.set)

export const readerOf = method(
  ReadableStream.prototype.getReader as () => ReadableStreamDefaultReader<Uint8Array>,
)
export const read = method(ReadableStreamDefaultReader.prototype.read)
export const cancelReader = method(ReadableStreamDefaultReader.prototype.cancel)
const streamController = ReadableByteStreamController.prototype
export const enqueue = method(streamController.enqueue)
export const closeStream = method(streamController.close)
export const failStream = method(streamController.error)
export const byobOf = getter(streamController, 'byobRequest')
export const respondByob = method(ReadableStreamBYOBRequest.prototype.respond)

export const isAborted = getter(AbortSignal.prototype, 'aborted')
export const abortReason = getter(AbortSignal.prototype, 'reason')

const listen = method(EventTarget.prototype.addEventListener)
export const unlisten = method(EventTarget.prototype.removeEventListener)
const dispatch = method(EventTarget.prototype.dispatchEvent)
export const on = (target: EventTarget, type: string, run: (event: Event) => void): void =>
  listen(target, type, run)
/** Dispatch, and say whether nobody cancelled it. */
export const fire = (target: EventTarget, event: Event): boolean => dispatch(target, event)
export const cancelEvent = method(Event.prototype.preventDefault)
export const hideEvent = method(Event.prototype.stopImmediatePropagation)
export const messageOf = getter(MessageEvent.prototype, 'data')
export const postTo = method(MessagePort.prototype.postMessage as (message: unknown) => void)
export const startPort = method(MessagePort.prototype.start)

/** True in browsers built on SpiderMonkey, whose texts for failed loads differ. */
export const isGecko = 'InternalError' in globalThis

const xhrPrototype = XMLHttpRequest.prototype
export const xhrReadyState = getter(xhrPrototype, 'readyState')
export const xhrResponseType = getter(xhrPrototype, 'responseType')
export const xhrTimeout = getter(xhrPrototype, 'timeout')
export const xhrUpload = getter(xhrPrototype, 'upload')
