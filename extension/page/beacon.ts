import { askOf } from './ask.ts'
import { callFor } from './call.ts'
import type { CallListener } from './call-listener.ts'
import { isCaught } from './catch-list.ts'
import { permits } from './csp.ts'
import { bodyNow, hasRoom } from './keepalive.ts'
import { apply, hrefOf, isGecko, isOnline, NativeRequest, sizeOf } from './primordials.ts'
import { replace } from './replace.ts'
import { type RequestBody, takeBody } from './request-body.ts'
import { parseUrl } from './response.ts'
import { waitForList } from './wire.ts'

/** Catch `sendBeacon`. Nobody hears what becomes of a beacon, so a caught one that is refused is refused in silence. */
export function catchBeacon(): void {
  replace(Navigator.prototype, 'sendBeacon', (native, self, args) => {
    try {
      isOnline(self as Navigator)
    } catch {
      return apply(native, self, args)
    }
    if (args.length > 0) args[0] = `${args[0] as string}`
    const url = args.length > 0 ? parseUrl(args[0] as string) : null
    if (!url || isCaught(url) === false) return apply(native, self, args)
    return take(url, args[1], () => apply(native, self, args))
  })
}

/** What `sendBeacon` returns: whether the beacon was taken. */
function take(url: URL, given: unknown, native: () => void): boolean {
  const init = { method: 'POST', body: given ?? null, keepalive: true, __proto__: null } as RequestInit
  const request = new NativeRequest(hrefOf(url), init)
  const body = bodyNow(given)
  if (!isGecko && body && !hasRoom(body)) return false
  if (isCaught(url) === undefined) void hold(url, request, given, native)
  else {
    const permitted = permits(hrefOf(url))
    // As the browsers have it: Chromium takes what it is about to refuse.
    if (permitted === false) return !isGecko
    if (permitted === true && body !== undefined) send(request, body)
    else void sendLater(request, given, permitted)
  }
  return true
}

async function hold(url: URL, request: Request, given: unknown, native: () => void): Promise<void> {
  if (!(await waitForList())) return
  if (isCaught(url)) await sendLater(request, given, permits(hrefOf(url)))
  else native()
}

async function sendLater(request: Request, given: unknown, permitted: boolean | Promise<boolean>) {
  const body = await takeBody(request, given)
  if ((await permitted) && (isGecko || !body || hasRoom(body))) send(request, body)
}

function send(request: Request, body: RequestBody | null): void {
  const ignore = () => {}
  const listener: CallListener = {
    head: ignore,
    came: (bytes) => call.more(sizeOf(bytes)),
    end: ignore,
    cut: ignore,
  }
  const call = callFor(askOf(request, body), body, listener)
}
