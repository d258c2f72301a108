import type { Ask } from './call.ts'
import {
  dropHash,
  eachHeader,
  hrefOf,
  NativeUrl,
  requestHeaders,
  requestMethod,
  requestRedirect,
  requestUrl,
} from './primordials.ts'
import type { RequestBody } from './request-body.ts'

/** What is asked of the extension for a request: as the platform resolved and normalised it, URL without fragment. */
export function askOf(request: Request, body: RequestBody | null): Ask {
  const url = new NativeUrl(requestUrl(request))
  dropHash(url)
  const headers: [string, string][] = []
  eachHeader(requestHeaders(request), (value, name) => {
    headers[headers.length] = [name, value]
  })
  return {
    method: requestMethod(request),
    url: hrefOf(url),
    headers,
    hasBody: body !== null,
    bodyLength: body === null ? 0 : body.length,
    redirect: requestRedirect(request),
  }
}
