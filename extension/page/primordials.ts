/**
 * The platform as it was before the page's first script. The page may replace any of it later, by accident (polyfills,
 * fake timers) or not; this room uses what was captured here and never looks a global or a prototype up again.
 */

import { setting } from './workers/own-source.ts'

// biome-ignore lint/complexity/noBannedTypes: any callable of the platform, called through Reflect.apply only.
export type Callable = Function

export const { apply, construct, defineProperty } = Reflect
const { getOwnPropertyDescriptor, setPrototypeOf } = Reflect
const { create, getPrototypeOf } = Object
export const NativeProxy = Proxy

/** The members of a prototype as functions of their receiver: of an overloaded method the last signature. */
type Captured<T> = {
  readonly [K in keyof T]-?: T[K] extends (...args: infer Args) => infer Result
    ? (self: T, ...args: Args) => Result
    : (self: T) => T[K]
}

/** An object without a prototype: the page's `Object.prototype` does not show through. */
export const bare = <T extends object>(): T => create(null) as T

/** An object's own property, without what a page added to `Object.prototype`. */
export function ownProperty(owner: object, key: PropertyKey): PropertyDescriptor | undefined {
  const property = getOwnPropertyDescriptor(owner, key)
  if (property) setPrototypeOf(property, null)
  return property
}

/**
 * Methods and getters of a class's instances, each captured as its name is read off the result. What this browser or a worker
 * lacks is undefined, whatever the type says. A browser makes a member of its own when somebody looks at it: to look at all
 * that documents and elements have would be most of what this script does as a page starts.
 */
function capture<T extends object>(made: { readonly prototype: T } | undefined): Captured<T> {
  const read = (owner: object, key: PropertyKey) => {
    const { get, value = get } = ownProperty(owner, key) ?? bare<PropertyDescriptor>()
    return value && ((self: unknown, ...args: unknown[]) => apply(value as Callable, self, args))
  }
  return new NativeProxy(made ? made.prototype : bare(), {
    get: read,
    __proto__: null,
  } as ProxyHandler<object>) as Captured<T>
}

export const page = globalThis
/** Of this document or worker. Read once: a page's own `var origin` takes its place. */
export const { origin: ownOrigin } = page
/** What has the global functions: in a worker a prototype. */
export const scope: object = setting ? getPrototypeOf(getPrototypeOf(page)) : page
export const scopeName = setting ? 'WorkerGlobalScope' : 'Window'
export const NativePromise = Promise
export const NativeTypeError = TypeError
export const NativeRequest = Request
export const NativeResponse = Response
export const NativeHeaders = Headers
export const NativeUrl = URL
export const NativeBlob = Blob
export const NativeStream = ReadableStream
export const NativeBytes = Uint8Array
export const NativeTarget = EventTarget
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
export const { DOMParser: NativeDomParser } = page
export const asString = String
export const { parse: parseJson, stringify: toJson } = JSON
const { now } = performance
/** Milliseconds on the document's monotonic clock. */
export const clock = (): number => apply(now, performance, [])

const { setTimeout: start, clearTimeout: stop } = page
/** `setTimeout` of this window. */
export const later = (run: () => void, milliseconds: number): number =>
  apply(start, page, [run, milliseconds]) as number
export const never = (timer: number | undefined): void => apply(stop, page, [timer])

const { get, set } = capture(NativeWeakMap)
/** Undefined for what is not in the map, and for what is no object. */
export const weakGet = get as <V>(map: WeakMap<object, V>, key: unknown) => V | undefined
export const weakSet = set as <V>(map: WeakMap<object, V>, key: object, value: V) => unknown
export const deref = capture(NativeWeakRef).deref as <T extends WeakKey>(ref: WeakRef<T>) => T | undefined
export const { register: watchCollected } = capture(NativeFinalizationRegistry)

const ofText = capture(String)
export const { indexOf, slice: sliceText, startsWith, toLowerCase: lowerCase } = ofText
export const splitText = ofText.split as unknown as (text: string, separator: string) => string[]
export const { exec: matches } = capture(RegExp)
export const tagOf = capture(Object).toString as (value: unknown) => string

export const { fromBase64 } = NativeBytes
export const { toBase64 } = capture(NativeBytes)
/** `sizeOf`: bytes of an array. Not `.length`: the page can make that anything, and loops over bytes would never end. */
export const {
  length: sizeOf,
  set: setBytes,
  subarray,
} = capture(getPrototypeOf(NativeBytes) as typeof NativeBytes)
const encoder = new TextEncoder()
const { encode } = capture(TextEncoder)
export const utf8 = (text: string): Uint8Array<ArrayBuffer> =>
  encode(encoder, text) as Uint8Array<ArrayBuffer>
export const { decode: decodeText } = capture(NativeDecoder)
export const { parseFromString: parseDocument } = capture(NativeDomParser)

export const { href: hrefOf, origin: originOf, pathname: pathOf, protocol: protocolOf } = capture(NativeUrl)

export const { appendChild, baseURI } = capture(page.Node)
/** What relative URLs of this document or worker are resolved against, at this moment. */
export const baseUrl = (): string => (setting ? setting.url : baseURI(document))

const prerendering = setting ? undefined : ownProperty(Document.prototype, 'prerendering')?.get
/** Whether this document is made ready but not shown. False in browsers that do not prerender. */
export const isPrerendering = (): boolean => prerendering !== undefined && apply(prerendering, document, [])

/** `requestStream`: undefined in browsers without `Request.body` (Firefox 153). */
export const {
  arrayBuffer: requestBytes,
  blob: requestBlob,
  body: requestStream,
  cache: requestCache,
  headers: requestHeaders,
  integrity: requestIntegrity,
  keepalive: requestKeepalive,
  method: requestMethod,
  mode: requestMode,
  redirect: requestRedirect,
  signal: requestSignal,
  url: requestUrl,
} = capture(NativeRequest) as Omit<Captured<Request>, 'body'> & {
  body: Captured<Request>['body'] | undefined
}

export const { bodyUsed: responseUsed, headers: responseHeaders } = capture(NativeResponse)

export const {
  arrayBuffer: blobBytes,
  size: blobSize,
  slice: sliceBlob,
  type: blobType,
} = capture(NativeBlob)
export const { name: fileName } = capture(File)

/** Every entry of a form, in order. */
export const eachEntry = capture(FormData).forEach as (
  self: FormData,
  tell: (value: FormDataEntryValue, name: string) => void,
) => void

export const {
  append: appendHeader,
  forEach: eachHeader,
  get: getHeader,
  set: setHeader,
} = capture(NativeHeaders)

export const readerOf = capture(NativeStream).getReader as (
  self: ReadableStream<Uint8Array>,
) => ReadableStreamDefaultReader<Uint8Array>
export const { cancel: cancelReader, read } = capture(
  ReadableStreamDefaultReader as { prototype: ReadableStreamDefaultReader<Uint8Array> },
)
export const {
  byobRequest: byobOf,
  close: closeStream,
  enqueue,
  error: failStream,
} = capture(ReadableByteStreamController)
export const { respond: respondByob } = capture(ReadableStreamBYOBRequest)

export const { aborted: isAborted, reason: abortReason, throwIfAborted } = capture(AbortSignal)
/** A signal that is aborted already, for the browser's own reason. */
export const { abort: abortedSignal } = AbortSignal

/** `fire`: dispatch, and say whether nobody cancelled it. */
export const {
  addEventListener: on,
  dispatchEvent: fire,
  removeEventListener: unlisten,
} = capture(NativeTarget)
export const { preventDefault: cancelEvent, stopImmediatePropagation: hideEvent } = capture(NativeEvent)
export const { data: messageOf, ports: portsOf } = capture(NativeMessageEvent)
export const { postMessage: postTo, start: startPort } = capture(MessagePort)

/** True in browsers built on SpiderMonkey, whose texts for failed loads differ. */
export const isGecko = 'InternalError' in page

export const {
  readyState: xhrReadyState,
  responseType: xhrResponseType,
  timeout: xhrTimeout,
  upload: xhrUpload,
} = capture(NativeXhr)

export const NativeEventSource = EventSource
export const {
  close: closeSource,
  readyState: sourceState,
  withCredentials: sourceCredentials,
} = capture(NativeEventSource)
export const { url: socketUrl } = capture(page.WebSocket)
const { fromCharCode } = String
/** A character for each byte, as header values travel. */
export function latin1(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < sizeOf(bytes); i++) text += fromCharCode(bytes[i] as number)
  return text
}

/** Do something with each of a list, by index: a page may have its own say in how lists are iterated. */
export function each<T>(list: ArrayLike<T>, act: (one: T) => unknown): void {
  for (let i = 0; i < list.length; i++) act(list[i] as T)
}

export const NativeErrorEvent = ErrorEvent
export const { isArray } = Array
export const postToWorker = Worker.prototype.postMessage
const { createObjectURL, revokeObjectURL } = NativeUrl
export const createUrl = (blob: Blob): string => apply(createObjectURL, NativeUrl, [blob]) as string
export const revokeUrl = (url: string): void => apply(revokeObjectURL, NativeUrl, [url])
const { structuredClone } = page
/** As `postMessage` clones. @throws what it throws, in words of its own. */
export const clone = (value: unknown, transfer: unknown): unknown =>
  apply(structuredClone, page, [value, { transfer, __proto__: null }])

const { trustedTypes } = page as { trustedTypes?: { readonly defaultPolicy: unknown } }
const { defaultPolicy } = capture(trustedTypes && { prototype: getPrototypeOf(trustedTypes) }) as {
  defaultPolicy?(self: unknown): unknown
}
/** Whether the page has its own say in each text that becomes the address of a script. */
export const hasDefaultPolicy = (): boolean => Boolean(trustedTypes && defaultPolicy?.(trustedTypes))

export const { onLine: isOnline, sendBeacon } = capture(page.Navigator)

export const { SecurityPolicyViolationEvent: NativeViolationEvent } = page
export const VIOLATION_EVENT = 'securitypolicyviolation'
export const { blockedURI: blockedUri, sourceFile: sourceOf } = capture(NativeViolationEvent)
export const { attachShadow, getAttribute, remove: removeElement, setAttribute } = capture(page.Element)
export const { contentDocument: frameDocument, contentWindow: frameWindow } = capture(page.HTMLIFrameElement)
const ofDocument = capture(page.Document)
export const { head: headOf } = ofDocument
/** Whether this document has lost its frame, or its window was closed. */
export const isRemoved = (): boolean => !setting && ofDocument.defaultView(document) === null
export const createElementNS = ofDocument.createElementNS as unknown as (
  self: Document,
  namespace: string,
  name: string,
) => HTMLElement
export const querySelectorAll = ofDocument.querySelectorAll as unknown as (
  self: Document,
  selectors: string,
) => NodeList
