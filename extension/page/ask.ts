import type { Ask } from './call.ts'
import {
  eachHeader,
  requestHeaders,
  requestMethod,
  requestRedirect,
  requestUrl,
  splitText,
} from './primordials.ts'
import type { RequestBody } from './request-body.ts'

/** What is asked of the extension for a request: as the platform resolved and normalised it, URL without fragment. */
export function askOf(request: Request, body: RequestBody | null): Ask {
  const headers: [string, string][] = []
  eachHeader(requestHeaders(request), (value, name) => {
    headers[headers.length] = [name, value]
  })
  return {
    method: requestMethod(request),
    url: splitText(requestUrl(request), '#')[0] as string,
    headers,
    hasBody: body !== null,
    bodyLength: body ? body.length : 0,
    redirect: requestRedirect(request),
  }
}
