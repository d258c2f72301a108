import type { Ask, Call } from './call.ts'
import type { CallListener } from './call-listener.ts'
import {
  abort,
  NativeAbortController,
  nativeFetch,
  read,
  readerOf,
  responseBody,
  responseHeaders,
  responseStatus,
  responseUrl,
  signalOf,
} from './primordials.ts'
import { pairsOf } from './response.ts'

/**
 * A connection of the browser's own for an EventSource that was made before it was known what is caught, and is not: an
 * instance cannot be given back to the browser later.
 */
export function plainCallFor(ask: Ask, credentials: RequestCredentials, listener: CallListener): Call {
  const control = new NativeAbortController()
  const signal = signalOf(control)
  let isOver = false
  const run = async () => {
    const { url, headers } = ask
    const connect = (mode: RequestMode) =>
      nativeFetch(url, { headers, credentials, cache: 'no-store', mode, signal })
    let response: Response
    try {
      response = await connect('cors')
    } catch {
      // A server that is there and does not let this page read is not asked again: what it says here has the status 0.
      response = await connect('no-cors')
    }
    const pairs = pairsOf(responseHeaders(response))
    const head = { status: responseStatus(response), statusText: '', headers: pairs, redirected: false }
    if (!isOver) listener.head({ ...head, url: responseUrl(response) })
    const body = responseBody(response)
    const reader = body && readerOf(body)
    while (reader && !isOver) {
      const { value } = await read(reader)
      if (!value) break
      listener.came(value as Uint8Array<ArrayBuffer>)
    }
  }
  void (async () => {
    try {
      await run()
    } catch {}
    if (!isOver) listener.cut()
  })()
  return {
    more() {},
    cancel() {
      isOver = true
      abort(control)
    },
  }
}
