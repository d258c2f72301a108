import { type Call, callFor } from './call.ts'
import type { CallListener } from './call-listener.ts'
import { isCaught } from './catch-list.ts'
import { permits } from './csp.ts'
import { plainSourceFor } from './event-source-plain.ts'
import { eventStream } from './event-stream.ts'
import {
  fire,
  getHeader,
  hrefOf,
  isGecko,
  later,
  latin1,
  matches,
  NativeMessageEvent,
  NativeUrl,
  never,
  originOf,
  sizeOf,
  utf8,
} from './primordials.ts'
import { CONTENT_TYPE, headersFrom, shownUrl } from './response.ts'
import { whenStopped } from './stop.ts'
import { waitForList } from './wire.ts'
import { tell } from './xhr/xhr-events.ts'

/** How long the browsers wait before they connect again, in milliseconds, until the server says otherwise. */
const RECONNECT_MS = isGecko ? 5000 : 3000

/** What a caught EventSource shows and does. */
export interface EventSourceCall {
  /** 0 connecting, 1 open, 2 closed. */
  readyState: number
  readonly url: string
  close(): void
}

/** Connect a source. Its events are dispatched on the page's own instance; handlers may close it at any of them. */
export function eventSourceCallFor(source: EventSource, url: URL): EventSourceCall {
  let wait = RECONNECT_MS
  let timer: number | undefined
  let call: Call | null = null
  let closePlain: (() => void) | undefined
  let origin = ''
  let endStop: (() => void) | undefined

  const owner = {
    message(type: string, data: string, lastEventId: string) {
      const init = { data, lastEventId, origin, __proto__: null } as MessageEventInit
      if (shown.readyState === 1) fire(source, new NativeMessageEvent(type, init))
    },
    retry(milliseconds: number) {
      wait = milliseconds
    },
  }
  let stream = eventStream(owner, '')
  const plain = isCaught(url) ? null : plainSourceFor(source)
  const fail = () => {
    shown.close()
    tell(source, 'error')
  }
  /** The connection is lost: there will be another. */
  const lose = () => {
    shown.close()
    shown.readyState = 0
    tell(source, 'error')
    if (shown.readyState === 0) timer = later(connect, wait)
  }
  const listener: CallListener = {
    head({ status, headers, url: finalUrl }) {
      const list = headersFrom(headers)
      if (status === 200 && matches(/^text\/event-stream\s*(;|$)/i, getHeader(list, CONTENT_TYPE) ?? '')) {
        origin = originOf(new NativeUrl(finalUrl))
        shown.readyState = 1
        tell(source, 'open')
        // What a network that is not there is to the browser, the host says in its own answer.
      } else if (matches(/^(host-un|upstream-)/, getHeader(list, 'valet-key-problem') ?? '')) lose()
      else fail()
    },
    came(bytes) {
      call?.more(sizeOf(bytes))
      stream.push(bytes)
    },
    end: lose,
    cut: lose,
  }
  /** SECURITY: without the list nothing is connected to, and what is on it never by the browser itself. */
  const connect = async () => {
    endStop = whenStopped(fail)
    if (isCaught(url) === undefined && !(await waitForList())) return fail()
    if (shown.readyState > 1) return
    if (!isCaught(url)) {
      closePlain = plain?.open(url, (state) => {
        shown.readyState = state
      })
      return
    }
    if (!(await permits(shown.url, true))) return fail()
    if (shown.readyState > 1) return
    const headers: [string, string][] = [['accept', 'text/event-stream']]
    const id = stream.id()
    if (id) headers[1] = ['last-event-id', latin1(utf8(id))]
    const ask = {
      method: 'GET',
      url: shownUrl(shown.url),
      headers,
      hasBody: false,
      bodyLength: 0,
      integrity: '',
      cache: 'no-store' as const,
      redirect: 'follow' as const,
    }
    stream = eventStream(owner, id)
    call = callFor(ask, null, listener)
  }
  const shown: EventSourceCall = {
    readyState: 0,
    url: hrefOf(url),
    close() {
      shown.readyState = 2
      never(timer)
      endStop?.()
      call?.giveUp()
      closePlain?.()
    },
  }
  void connect()
  return shown
}
