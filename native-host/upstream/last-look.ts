import type { Dispatcher } from 'undici'

/**
 * Have `look` called in the very turn in which the head of a request is written to its socket. Where it throws, nothing
 * is written and the request fails with that.
 *
 * SECURITY: undici holds a request back for as long as name, connection and handshake take, or until a connection is
 * free; what was true when it was handed over may be over by then.
 */
export function lookFirst(look: () => void): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) => {
    const start = handler.onRequestStart?.bind(handler)
    // The handler is this one request's own. undici calls this right before it writes.
    handler.onRequestStart = (controller, context) => {
      look()
      start?.(controller, context)
    }
    return dispatch(options, handler)
  }
}
