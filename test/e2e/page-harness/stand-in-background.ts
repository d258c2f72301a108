/**
 * A stand-in for background/ and the host: carries caught calls to the test server and speaks the call frames. It
 * decides nothing, holds no key and proves nothing about those rooms; it is here so that the page's side can be watched
 * in a real browser. `/caught/x` becomes `/plain/x`; a few paths misbehave on purpose.
 */
import type { CallFrameToHost, CallFrameToPage, CatchFrame } from '../../../shared/protocol/call-frames.ts'
import type { NoticeFrame } from '../../../shared/protocol/page-notice.ts'

const CHUNK = 128 * 1024
const WINDOW = 1024 * 1024

type Ask = Extract<CallFrameToHost, { type: 'ask' }>
interface Running {
  ask: Ask
  parts: Uint8Array<ArrayBuffer>[]
  received: number
  credited: number
  allowance: number
  wake: () => void
  abort: AbortController
}

/** To a document: one frame, or what there is for it at one moment. */
type Send = (frames: CallFrameToPage | CallFrameToPage[]) => void

/** What tests ask about afterwards. */
const seen = {
  /** Of calls: of whose body something came, and which were given up. */
  uploading: [] as string[],
  cancelled: [] as string[],
  notices: [] as string[],
  mostAhead: 0,
  sentAhead: 0,
  connects: 0,
}

const api = (globalThis as { browser?: typeof chrome }).browser ?? chrome

api.runtime.onConnect.addListener((port) => {
  seen.connects += 1
  const running = new Map<number, Running>()
  const send = (frame: CallFrameToPage | CatchFrame | CallFrameToPage[]) => {
    try {
      port.postMessage(frame)
    } catch {
      // The document is gone.
    }
  }
  const origin = port.sender?.origin ?? new URL(port.sender?.url ?? '').origin
  const other = origin.includes('127.0.0.1')
    ? origin.replace('127.0.0.1', 'localhost')
    : origin.replace('localhost', '127.0.0.1')
  // A page of `worker-site.ts` that asks for it.
  if (new URL(port.sender?.url ?? origin).searchParams.has('tells'))
    void fetch(`${origin}/outcome?what=connected`)
  const delay = Number(new URL(port.sender?.url ?? origin).searchParams.get('delay') ?? 0)
  setTimeout(() => send({ type: 'catch', baseUrls: [`${origin}/caught`, `${other}/caught`] }), delay)
  port.onDisconnect.addListener(() => {
    for (const call of running.values()) if (!call.ask.keepalive) call.abort.abort()
  })
  // What Firefox asks the page's policy in is a frame of its own.
  if (port.sender?.frameId === 0) seen.notices = []
  const take = (frame: CallFrameToHost | NoticeFrame): void => {
    if (frame.type === 'notice') return void seen.notices.push(frame.notice)
    if (frame.type === 'ask') {
      const call: Running = {
        ask: frame,
        parts: [],
        received: 0,
        credited: 0,
        allowance: WINDOW,
        wake: () => {},
        abort: new AbortController(),
      }
      running.set(frame.id, call)
      if (!frame.hasBody) void answer(call, send, running)
      return
    }
    const call = running.get(frame.id)
    if (call === undefined) return
    if (frame.type === 'body') takeBody(call, frame.base64, send)
    else if (frame.type === 'body-end') void answer(call, send, running)
    else if (frame.type === 'credit') {
      call.allowance += frame.bytes
      call.wake()
    } else {
      seen.cancelled.push(new URL(call.ask.url).pathname)
      call.abort.abort()
      call.wake()
      running.delete(frame.id)
    }
  }
  port.onMessage.addListener((given: unknown) => {
    for (const frame of Array.isArray(given) ? given : [given]) take(frame as CallFrameToHost | NoticeFrame)
  })
})

function takeBody(call: Running, base64: string, send: (frame: CallFrameToPage) => void): void {
  const bytes = Uint8Array.fromBase64(base64)
  if (bytes.length === 0 || bytes.length > CHUNK) seen.mostAhead = Number.POSITIVE_INFINITY
  if (call.ask.bodyLength === null || call.ask.bodyLength <= 8 * WINDOW) call.parts.push(bytes)
  call.received += bytes.length
  seen.mostAhead = Math.max(seen.mostAhead, call.received - call.credited)
  if (call.received === bytes.length) seen.uploading.push(new URL(call.ask.url).pathname)
  if (call.ask.url.endsWith('/never-credit')) return
  setTimeout(() => {
    call.credited += bytes.length
    send({ type: 'credit', id: call.ask.id, bytes: bytes.length })
  }, 1)
}

async function answer(call: Running, send: Send, running: Map<number, Running>) {
  const { ask, abort } = call
  const url = new URL(ask.url)
  const path = url.pathname.replace('/caught', '')
  const { id } = ask
  const json = (value: unknown) => {
    send({
      type: 'head',
      id,
      status: 200,
      statusText: 'OK',
      headers: [['content-type', 'application/json']],
      url: ask.url,
      redirected: false,
    })
    send({ type: 'chunk', id, text: JSON.stringify(value) })
    send({ type: 'end', id })
    running.delete(id)
  }
  if (path === '/seen') return json(seen)
  if (path === '/cut-all') {
    const cut = [...running.values()].filter((other) => other.ask.url.endsWith('?cut'))
    send(cut.map((other) => ({ type: 'cut', id: other.ask.id, code: 'session-ended' })))
    for (const other of cut) {
      other.abort.abort()
      running.delete(other.ask.id)
    }
    return json(cut.length)
  }
  if (path === '/ask') return json({ ...ask, received: call.received })
  if (path === '/never' || path === '/never-credit') return
  if (path === '/cut-before') return send({ type: 'cut', id, code: 'session-ended' })
  if (path === '/problem') {
    return send({
      type: 'problem',
      id,
      code: 'denied',
      instance: '9f5e3a52-0000-4000-8000-000000000000',
      detail: 'no',
    })
  }
  if (path === '/gibberish') {
    return send({
      type: 'head',
      id,
      status: 99,
      statusText: '',
      headers: [],
      url: ask.url,
      redirected: false,
    })
  }
  if (path === '/inject') return void injectLate().then(json)
  if (path === '/reload') return api.runtime.reload()
  try {
    await relay(call, url, path, send)
    running.delete(id)
  } catch {
    if (!abort.signal.aborted) send({ type: 'cut', id, code: 'upstream-unreachable' })
  }
}

async function relay(call: Running, url: URL, path: string, send: (frame: CallFrameToPage) => void) {
  const { ask, abort } = call
  const { id } = ask
  const cut = path === '/cut-after'
  const target = `${url.origin}/plain${cut ? '/slow' : path}${url.search}`
  const response = await fetch(target, {
    method: ask.method,
    headers: [...ask.headers, ['x-stand-in', '1']],
    body: ask.hasBody ? new Blob(call.parts) : null,
    redirect: ask.redirect === 'follow' ? 'follow' : 'manual',
    signal: abort.signal,
    cache: 'no-store',
  })
  if (response.type === 'opaqueredirect' && ask.redirect === 'error')
    return send({ type: 'cut', id, code: 'response-withheld' })
  const status = response.type === 'opaqueredirect' ? 302 : response.status
  const headers = [...response.headers].filter(([name]) => name !== 'date') as [string, string][]
  const shown = response.url.replace('/plain', '/caught')
  send({
    type: 'head',
    id,
    status,
    statusText: response.statusText,
    headers,
    url: shown,
    redirected: response.redirected,
  })
  const reader = response.body?.getReader()
  for (;;) {
    const result = await reader?.read()
    if (result === undefined || result.done) break
    for (let at = 0; at < result.value.length; at += CHUNK) {
      const bytes = result.value.subarray(at, at + CHUNK)
      while (call.allowance < bytes.length && !abort.signal.aborted) {
        await new Promise<void>((resolve) => {
          call.wake = resolve
        })
      }
      if (abort.signal.aborted) return
      call.allowance -= bytes.length
      seen.sentAhead += bytes.length
      send({ type: 'chunk', id, base64: bytes.toBase64() })
    }
    if (cut) return send({ type: 'cut', id, code: 'session-ended' })
  }
  send({ type: 'end', id })
}

/** Run the scripts twice in open pages of `localhost`, which the manifest does not name: as after a grant, without a reload. */
async function injectLate(): Promise<number> {
  const tabs = await api.tabs.query({ url: 'http://localhost/*' })
  for (const file of ['content.js', 'page.js', 'content.js', 'page.js']) {
    for (const { id } of tabs) {
      const world = file === 'page.js' ? 'MAIN' : 'ISOLATED'
      await api.scripting.executeScript({
        target: { tabId: id as number, allFrames: true },
        files: [file],
        world,
        injectImmediately: true,
      })
    }
  }
  return tabs.length
}
