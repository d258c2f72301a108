/** One way in which a page spoils its own world. */
export interface Poison {
  readonly name: string
  /** JavaScript, run in the window that is spoiled. */
  readonly source: string
}

/** What a polluted prototype shows where a property is left out. As data, and enumerable: so do careless pages. */
const POLLUTIONS: [key: string, value: string][] = [
  ['then', '(resolve) => { resolve && resolve("then") }'],
  ['get', '() => "got"'],
  ['set', '() => {}'],
  ['value', '"polluted"'],
  ['writable', 'false'],
  ['enumerable', 'true'],
  ['configurable', 'false'],
  ['method', '"DELETE"'],
  ['headers', '{ "x-wider": "polluted" }'],
  ['body', '"polluted-body"'],
  ['signal', 'AbortSignal.abort()'],
  ['redirect', '"manual"'],
  ['mode', '"no-cors"'],
  ['credentials', '"include"'],
  ['integrity', '"sha256-AAAA"'],
  ['duplex', '"half"'],
  ['toJSON', '() => ({ type: "ask" })'],
  ['type', '"cancel"'],
  ['id', '1'],
  ['url', '"/wider"'],
  ['hasBody', 'true'],
  ['bodyLength', '9'],
  ['base64', '"QUFBQQ=="'],
  ['bytes', '1048576'],
  ['text', '"polluted"'],
  ['baseUrls', '["http://"]'],
  ['ports', '[]'],
  ['data', '{ type: "gone" }'],
  ['cancelable', 'false'],
  ['status', '204'],
  ['statusText', '"polluted"'],
  ['done', 'true'],
  ['next', '() => ({ done: true })'],
  ['length', '0'],
  ['0', '["x-wider", "polluted"]'],
  ['1', '"polluted"'],
  ['start', 'null'],
  ['autoAllocateChunkSize', '1'],
  ['stream', 'true'],
  ['alphabet', '"base64url"'],
  ['origin', '"http://other.example"'],
  ['prototype', 'null'],
  ['constructor', 'null'],
  ['valueOf', '() => 1'],
  ['toString', '() => "/wider"'],
  ['message', '"polluted"'],
  ['name', '"polluted"'],
  ['code', '"polluted"'],
  ['cause', '"polluted"'],
  ['signature', '1'],
]

/** Members that are replaced, by their owner. */
const MEMBERS: Record<string, string> = {
  'Array.prototype': 'push map join forEach slice concat indexOf splice pop shift reduce @@iterator',
  Array: 'from of isArray @@species',
  'Promise.prototype': 'then catch finally constructor',
  Promise: 'resolve reject all race withResolvers @@species',
  'Function.prototype': 'call apply bind toString',
  Reflect: 'apply construct get set has defineProperty getOwnPropertyDescriptor ownKeys getPrototypeOf',
  Object:
    'create defineProperty getOwnPropertyDescriptor keys assign freeze entries fromEntries getPrototypeOf',
  'Object.prototype': 'hasOwnProperty toString valueOf __defineGetter__',
  JSON: 'parse stringify',
  'Map.prototype': 'get set has delete',
  'Set.prototype': 'add has',
  'WeakMap.prototype': 'get set has',
  'WeakRef.prototype': 'deref',
  'FinalizationRegistry.prototype': 'register',
  'String.prototype': 'startsWith slice split toLowerCase indexOf replace match trim charCodeAt @@iterator',
  String: 'fromCharCode raw',
  'RegExp.prototype': 'exec test flags @@match @@replace @@split',
  'Symbol.prototype': 'description @@toPrimitive',
  Number: 'isSafeInteger parseInt',
  Math: 'floor min max random',
  Date: 'now',
  'Headers.prototype': 'forEach append get set has entries @@iterator',
  'Request.prototype': 'url method headers signal body mode redirect integrity arrayBuffer blob clone',
  'Response.prototype': 'url type headers body status ok text arrayBuffer json clone redirected',
  Response: 'error json redirect',
  'ReadableStream.prototype': 'getReader tee pipeTo pipeThrough cancel @@asyncIterator',
  'ReadableStreamDefaultReader.prototype': 'read cancel releaseLock closed',
  'ReadableByteStreamController.prototype': 'enqueue close error byobRequest desiredSize',
  'TextEncoder.prototype': 'encode encodeInto',
  'TextDecoder.prototype': 'decode',
  'URL.prototype': 'href origin pathname protocol hash host search searchParams toString toJSON',
  URL: 'parse canParse createObjectURL',
  'URLSearchParams.prototype': 'get toString append forEach',
  'Crypto.prototype': 'getRandomValues randomUUID subtle',
  'SubtleCrypto.prototype': 'digest',
  'EventTarget.prototype': 'addEventListener removeEventListener dispatchEvent',
  'Event.prototype': 'preventDefault stopImmediatePropagation defaultPrevented type target',
  'MessageEvent.prototype': 'data ports source origin',
  'MessagePort.prototype': 'postMessage start close onmessage',
  'MessageChannel.prototype': 'port1 port2',
  'AbortSignal.prototype': 'aborted reason throwIfAborted',
  'AbortController.prototype': 'abort signal',
  'Blob.prototype': 'size slice arrayBuffer stream type',
  'FormData.prototype': 'append get entries',
  'Uint8Array.prototype': 'toBase64 setFromBase64',
  Uint8Array: 'fromBase64',
  'Object.getPrototypeOf(Uint8Array.prototype)':
    'set subarray slice length byteLength buffer byteOffset @@iterator @@toStringTag',
  'Object.getPrototypeOf(Uint8Array)': 'from of @@species',
  'ArrayBuffer.prototype': 'slice byteLength resize transfer detached',
  ArrayBuffer: 'isView @@species',
  'Node.prototype': 'baseURI ownerDocument appendChild',
  'XMLHttpRequest.prototype': 'readyState timeout upload responseType withCredentials getResponseHeader',
  'XMLHttpRequestEventTarget.prototype': 'onload onreadystatechange',
  'Performance.prototype': 'now mark',
  globalThis:
    'postMessage setTimeout clearTimeout setInterval queueMicrotask structuredClone requestAnimationFrame atob btoa ' +
    'Object Array Promise Proxy Reflect Symbol WeakMap WeakRef Map Set Error TypeError DOMException RegExp String JSON ' +
    'URL Request Response Headers Blob FormData ReadableStream Uint8Array ArrayBuffer TextEncoder TextDecoder Event ' +
    'MessageEvent MessageChannel MessagePort AbortController AbortSignal ProgressEvent EventTarget DOMParser crypto performance origin',
}

/** How a member is replaced. */
const MANNERS = {
  throws: 'const put = () => { throw new Error("replaced") }',
  lies: 'const put = function () { return new Proxy(function () {}, { get: (_, key) => key === Symbol.toPrimitive ? () => "/wider" : put }) }',
  listens:
    'const put = typeof native !== "function" ? undefined : function (...given) { parent.overheard.push(this, given); return new.target ? construct(native, given, new.target) : apply(native, this, given) }',
} as const

function replacement(owner: string, member: string, manner: keyof typeof MANNERS): Poison {
  const key = member.startsWith('@@') ? `Symbol.${member.slice(2)}` : JSON.stringify(member)
  const source = `{
    const { apply, construct, defineProperty, getOwnPropertyDescriptor } = Reflect
    const owner = ${owner}, key = ${key}, before = getOwnPropertyDescriptor(owner, key)
    const native = before && (before.value ?? before.get)
    ${MANNERS[manner]}
    if (before?.configurable && put !== undefined) {
      const { prototype } = native ?? {}
      if (prototype && ${JSON.stringify(manner)} === 'listens') put.prototype = prototype
      const shown = before.get && ${JSON.stringify(manner)} === 'listens' ? put : () => put
      defineProperty(owner, key, { get: shown, set() {}, configurable: true, enumerable: before.enumerable, __proto__: null })
    }
  }`
  return { name: `${owner}.${member} ${manner}`, source }
}

const pollution = (key: string, value: string): Poison => ({
  name: `Object.prototype.${key} polluted`,
  source: `Object.defineProperty(Object.prototype, ${JSON.stringify(key)},
    { value: ${value}, writable: true, configurable: true, enumerable: true, __proto__: null })`,
})

/** A setter on the prototype gets what an assignment was meant to store. */
const swallow = (owner: string, key: string): Poison => ({
  name: `${owner}[${key}] swallows`,
  source: `Object.defineProperty(${owner}, ${JSON.stringify(key)},
    { get: () => undefined, set(given) { parent.overheard.push(this, given) }, configurable: true, __proto__: null })`,
})

const OTHERS: Poison[] = [
  ...['0', '1', 'method', 'url', 'headers', 'id', 'type', 'port', 'stack'].flatMap((key) => [
    swallow('Object.prototype', key),
    swallow('Array.prototype', key),
  ]),
  {
    name: 'Error.prepareStackTrace',
    source:
      'Error.prepareStackTrace = (_, frames) => { parent.overheard.push(frames, ...frames.map((each) => each.getFunction?.() ?? each.getThis?.())); return frames }',
  },
  { name: 'Error.stackTraceLimit', source: 'Error.stackTraceLimit = 0' },
  { name: 'Error.captureStackTrace', source: 'Error.captureStackTrace = () => { throw 1 }' },
  {
    name: 'onerror and onmessage',
    source:
      'onerror = onmessage = onmessageerror = (...given) => { parent.overheard.push(given); return true }',
  },
  {
    name: 'listeners before ours',
    source: `for (const type of ['valetkey-pair', 'valetkey-present', 'valetkey-alive', 'message']) addEventListener(type, (event) => { parent.overheard.push(event, event.ports); event.stopImmediatePropagation(); event.preventDefault() }, true)`,
  },
  {
    name: 'the document opened anew',
    source: 'document.open(); document.write("<p>anew"); document.close()',
  },
  {
    name: 'a base elsewhere',
    source: `document.head.append(Object.assign(document.createElement('base'), { href: 'http://elsewhere.example/' }))`,
  },
  {
    name: 'everything frozen',
    source:
      'for (const each of [Object, Array, Promise, Function, Request, Response, Headers, URL]) { Object.freeze(each); Object.freeze(each.prototype) }',
  },
  {
    name: 'no prototypes',
    source: 'Object.setPrototypeOf(Array.prototype, null); Object.setPrototypeOf(Function.prototype, null)',
  },
  {
    name: 'a proxy below Object.prototype’s heirs',
    source:
      'const trap = new Proxy({}, { get: (_, key) => { parent.overheard.push(key) }, has: () => true, set: () => true }); Object.setPrototypeOf(Array.prototype, trap); Object.setPrototypeOf(Promise.prototype, trap)',
  },
  {
    name: 'window’s own prototype',
    source:
      'try { Object.setPrototypeOf(EventTarget.prototype, new Proxy({}, { get: () => () => "/wider" })) } catch {}',
  },
]

/** All of them: each is one kind. */
export function allPoisons(): Poison[] {
  const members = Object.entries(MEMBERS).flatMap(([owner, list]) =>
    list
      .split(' ')
      .flatMap((member) => [
        replacement(owner, member, 'throws'),
        replacement(owner, member, 'lies'),
        replacement(owner, member, 'listens'),
      ]),
  )
  return [...OTHERS, ...POLLUTIONS.map(([key, value]) => pollution(key, value)), ...members]
}
