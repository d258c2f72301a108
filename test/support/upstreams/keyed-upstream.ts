import type { IncomingMessage } from 'node:http'
import { type LoopbackServer, readBody, sendJson, startLoopbackServer } from './loopback-server.ts'

/** Why a service refuses a call, in its own words; null where the credential is right. */
export type Fault = (request: IncomingMessage, body: Buffer) => string | null

/**
 * A service that lets in what `faultOf` finds no fault with and echoes to everybody what it got: target, headers and body, as JSON.
 * To `…/moved?to=X` it answers a redirect to X, as it is.
 */
export function startKeyedUpstream(faultOf: Fault): Promise<LoopbackServer> {
  return startLoopbackServer(async (request, response) => {
    const body = await readBody(request)
    const fault = faultOf(request, body)
    const to = /\/moved\?to=(.*)$/.exec(request.url ?? '')?.[1]
    if (fault === null && to !== undefined) {
      const own = (request.url ?? '').replace(/\/moved\?.*$/, '')
      response.writeHead(307, { location: decodeURIComponent(to).replaceAll('{own}', own) }).end()
      return
    }
    const echo = {
      fault,
      target: request.url,
      headers: request.headersDistinct,
      body: body.toString('latin1'),
    }
    sendJson(response, fault === null ? 200 : 401, echo)
  })
}
