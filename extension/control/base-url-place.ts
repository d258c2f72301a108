/**
 * Where a base URL leads, as far as its text tells. `loopback` and `private`: an address of this machine or of a private
 * network. `unspecified` and `local-name`: another way to write this machine, which no service may use. `elsewhere`: the rest.
 */
export type BaseUrlPlace = 'loopback' | 'private' | 'unspecified' | 'local-name' | 'elsewhere'

/**
 * Tell which of them a URL is, for the owner to be asked. The host decides with its own table of addresses
 * (`native-host/policy/address.ts`); this one asks about the same ones: RFC 1122 section 3.2.1.3, RFC 1918, RFC 4193 and
 * RFC 4291 section 2.5.3.
 *
 * @param url as the URL parser made it, which writes every spelling of an IPv4 address in dotted decimal.
 */
export function baseUrlPlace(url: URL): BaseUrlPlace {
  const host = url.hostname
  if (/(?:^|\.)localhost\.?$/.test(host)) return 'local-name'
  if (host === '0.0.0.0' || host === '[::]') return 'unspecified'
  if (/^127\.\d+\.\d+\.\d+$/.test(host) || host === '[::1]') return 'loopback'
  if (/^(?:10|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.[\d.]+$/.test(host)) return 'private'
  return /^\[f[cd]/.test(host) ? 'private' : 'elsewhere'
}

/**
 * The same URL with this machine's loopback address in place of a name or the unspecified address, without a final slash:
 * what an owner who wrote `http://localhost:1234/v1/` should write.
 */
export function withLoopbackAddress(url: URL): string {
  const literal = new URL(url)
  literal.hostname = url.hostname === '[::]' ? '[::1]' : '127.0.0.1'
  return baseUrlText(literal)
}

/** A URL as services keep base URLs: scheme, host, port and path, without a final slash. */
export function baseUrlText(url: URL): string {
  return url.origin + url.pathname.replace(/\/+$/, '')
}
