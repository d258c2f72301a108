/** Where a redirect may point from, for one service. */
export interface Place {
  readonly host: string
  /** Port of the service's own server. */
  readonly port: number
  /** `https://host:port`, the service's own. */
  readonly origin: string
  /** Its base path, and that of another service on the same host. */
  readonly base: string
  readonly foreign: string
  /** Ports of the second server: with TLS and with plain HTTP. */
  readonly tls: number
  readonly plain: number
  readonly key: string
}

/**
 * A way for a service to send a client elsewhere.
 *
 * `end`: what the page must get of it in mode `follow`: a problem (`withheld`), no answer at all, as of any browser
 * (`refused`), the answer of the target, which is the service's own (`followed`), or the answer as it is, since it asks
 * nobody to follow (`shown`).
 */
export interface Hop {
  readonly kind: string
  /** Header lines of the answer, Latin-1. */
  readonly headers: (place: Place) => readonly string[]
  readonly body?: (place: Place) => string
  readonly end: 'withheld' | 'refused' | 'followed' | 'shown'
}

const to = (kind: string, end: Hop['end'], location: (place: Place) => string): Hop => {
  return { kind, end, headers: (place) => [`location: ${location(place)}`] }
}

/** Thirteen types of hop, each with the spellings and with what peers' advisories are about. */
export const HOPS: readonly Hop[] = [
  // 1 Another host (undici CVE-2023-45143, node-fetch CVE-2022-0235, follow-redirects CVE-2022-0155, curl CVE-2018-1000007).
  to('another host', 'withheld', ({ tls }) => `https://evil.example:${tls}/x`),
  to('the address of its own host', 'withheld', ({ port, base }) => `https://127.0.0.1:${port}${base}/ok`),
  to('its host with a final dot', 'withheld', ({ host, port, base }) => `https://${host}.:${port}${base}/ok`),
  // 2 and 3 A subdomain and the parent domain (follow-redirects CVE-2022-0536 and others keep headers there).
  to('a subdomain', 'withheld', ({ host, tls }) => `https://sub.${host}:${tls}/x`),
  to('the parent domain', 'withheld', ({ host, tls }) => `https://${host.replace(/^\w+\./, '')}:${tls}/x`),
  // 4 Another port (curl CVE-2022-27774, CVE-2022-27776).
  to('another port', 'withheld', ({ host, tls, base }) => `https://${host}:${tls}${base}/ok`),
  to('the default port', 'withheld', ({ host, base }) => `https://${host}${base}/ok`),
  // 5 Another scheme (undici CVE-2022-31151, axios CVE-2025-27152).
  to('plain HTTP', 'withheld', ({ host, plain, base }) => `http://${host}:${plain}${base}/ok`),
  to('plain HTTP on its own port', 'withheld', ({ host, port, base }) => `http://${host}:${port}${base}/ok`),
  // 6 User names in the address.
  to('itself with a user name', 'refused', ({ host, port, base }) => `https://a:b@${host}:${port}${base}/ok`),
  to(
    'its name as a user name',
    'refused',
    ({ host, port, tls }) => `https://${host}:${port}@evil.example:${tls}/x`,
  ),
  // 7 Without a scheme.
  to('another host without a scheme', 'withheld', ({ tls }) => `//evil.example:${tls}/x`),
  to('another port without a scheme', 'withheld', ({ host, tls }) => `//${host}:${tls}/x`),
  // 8 Other schemes than the web's.
  to('data:', 'refused', () => 'data:text/html,<script>1</script>'),
  to('javascript:', 'refused', () => 'javascript:alert(1)'),
  to('file:', 'refused', () => 'file:///etc/passwd'),
  to('blob:', 'refused', ({ origin }) => `blob:${origin}/0f8fad5b-d9cb-469f-a165-70867728950e`),
  // 9 The same origin, another place.
  to('outside the base path', 'withheld', () => '/outside'),
  to('another service of the host', 'withheld', ({ foreign }) => `${foreign}/ok`),
  to('another service by dots', 'withheld', ({ base, foreign }) => `${base}/..${foreign}/ok`),
  to('another service by encoded dots', 'withheld', ({ base, foreign }) => `${base}/%2e%2e${foreign}/ok`),
  to('an encoded slash', 'withheld', ({ base }) => `${base}/%2fok`),
  // 10 Round in circles.
  to('itself, again and again', 'refused', ({ base }) => `${base}/start`),
  // 11 The key in the address (a hop that a log, a cache or a second server would keep).
  to('another host with the key', 'withheld', ({ tls, key }) => `https://evil.example:${tls}/?k=${key}`),
  to('itself with the key', 'withheld', ({ base, key }) => `${base}/ok?k=${key}`),
  to('itself with the key in percents', 'withheld', ({ base, key }) => `${base}/ok?k=${percented(key)}`),
  // 12 Addresses that two clients read differently.
  to('a backslash', 'withheld', ({ tls }) => `\\\\evil.example:${tls}\\x`),
  to('a backslash behind the scheme', 'withheld', ({ tls }) => `https:/\\evil.example:${tls}/x`),
  to('its own path behind a backslash', 'withheld', ({ base }) => `${base}\\ok`),
  to('its own path with a tab in it', 'withheld', ({ base }) => `${base}/o\tk`),
  to('a tab in the scheme', 'withheld', ({ tls }) => `ht\ttps://evil.example:${tls}/x`),
  to('a host that only looks the same', 'withheld', ({ host, port }) =>
    utf8(`https://${host.replace('a', 'а')}:${port}/x`),
  ),
  to('no address', 'refused', () => 'https://['),
  {
    kind: 'two places',
    end: 'refused',
    headers: ({ base, tls }) => [`location: ${base}/ok`, `location: https://evil.example:${tls}/x`],
  },
  // 13 What is no redirect of HTTP, or of no browser.
  to('nowhere', 'shown', () => ''),
  {
    kind: 'a Refresh header',
    end: 'shown',
    headers: ({ tls }) => [`refresh: 0; url=https://evil.example:${tls}/x`],
  },
  {
    kind: 'a meta element',
    end: 'shown',
    headers: () => ['content-type: text/html'],
    body: ({ tls }) => `<meta http-equiv="refresh" content="0; url=https://evil.example:${tls}/x">`,
  },
  {
    kind: 'other headers that move',
    end: 'shown',
    headers: ({ tls }) => [
      `content-location: https://evil.example:${tls}/x`,
      `alt-svc: h2="evil.example:${tls}"; ma=86400`,
      `uri: https://evil.example:${tls}/x`,
    ],
  },
  // The hops that keep their credential: on the same scheme, host and port, and allowed.
  to('a relative path', 'followed', () => 'ok'),
  to('an absolute path', 'followed', ({ base }) => `${base}/ok`),
  to('its own whole address', 'followed', ({ origin, base }) => `${origin}${base}/ok`),
  to('its own address in capitals', 'followed', ({ origin, base }) => `${origin.toUpperCase()}${base}/ok`),
  to('its own path without a scheme', 'followed', ({ host, port, base }) => `//${host}:${port}${base}/ok`),
  to('a path in UTF-8', 'followed', ({ base }) => utf8(`${base}/ok/zoë`)),
  {
    kind: 'one place twice',
    end: 'followed',
    headers: ({ base }) => [`location: ${base}/ok`, `location: ${base}/ok`],
  },
]

/** Bytes of UTF-8 as the Latin-1 they are written as. */
function utf8(text: string): string {
  return Buffer.from(text).toString('latin1')
}

function percented(text: string): string {
  return [...Buffer.from(text)].map((byte) => `%${byte.toString(16)}`).join('')
}
