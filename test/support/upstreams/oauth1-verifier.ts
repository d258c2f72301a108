import { createHmac } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

export interface OAuth1Keys {
  consumerKey: string
  consumerSecret: string
  /** Null: only calls without a token are let in. */
  token: { key: string; secret: string } | null
  algorithm: 'HMAC-SHA1' | 'HMAC-SHA256'
}

/** Services refuse older calls, seconds. */
const WINDOW = 300

/**
 * The service's side of RFC 5849, written from it apart from the product. A nonce counts once.
 *
 * @param seen nonces of this service so far.
 * @returns why the call is refused; null where it is let in.
 */
export function oauth1Fault(
  request: IncomingMessage,
  body: Buffer,
  keys: OAuth1Keys,
  seen: Set<string>,
): string | null {
  const [scheme, text = ''] = (request.headers.authorization ?? '').split(/ (.*)/s, 2)
  if (scheme !== 'OAuth') return 'no OAuth header'
  const said = new Map(
    text.split(/,\s*/).map((pair) => {
      const [, name = '', value = ''] = /^([^=]+)="([^"]*)"$/.exec(pair) ?? []
      return [decodeURIComponent(name), decodeURIComponent(value)]
    }),
  )
  if (said.get('oauth_consumer_key') !== keys.consumerKey) return 'unknown consumer'
  if ((said.get('oauth_token') ?? null) !== (keys.token?.key ?? null)) return 'unknown token'
  if (said.get('oauth_signature_method') !== keys.algorithm) return 'unknown method'
  if (Math.abs(Number(said.get('oauth_timestamp')) - Date.now() / 1000) > WINDOW)
    return 'timestamp out of bounds'
  const nonce = said.get('oauth_nonce') ?? ''
  if (nonce === '' || seen.has(nonce)) return 'nonce used'
  seen.add(nonce)
  const given = said.get('oauth_signature')
  said.delete('oauth_signature')
  const [path = '', search = ''] = (request.url ?? '').split(/\?(.*)/s, 2)
  const isForm = /^application\/x-www-form-urlencoded/.test(request.headers['content-type'] ?? '')
  const pairs = [...said].map(([name, value]) => `${enc(name)}\0${enc(value)}`)
  const sent = [search, isForm ? body.toString('latin1') : '']
    .flatMap((each) => each.split('&'))
    .filter((each) => each !== '')
  if (sent.some((pair) => /^oauth_/.test(pair))) return 'protocol parameters in two places'
  // A NUL sorts before every other byte, as the end of a name does.
  const all = [...pairs, ...sent.map(normal)].sort().map((pair) => pair.replace('\0', '='))
  const base = [request.method ?? '', `http://${request.headers.host}${path}`, all.join('&')]
    .map(enc)
    .join('&')
  const key = `${enc(keys.consumerSecret)}&${enc(keys.token?.secret ?? '')}`
  const right = createHmac(keys.algorithm.slice(5).toLowerCase(), key).update(base).digest('base64')
  return given === right ? null : 'signature invalid'
}

function normal(pair: string): string {
  const at = pair.indexOf('=')
  const halves = at === -1 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)]
  return halves.map((half) => enc(decodeURIComponent(half.replaceAll('+', '%20')))).join('\0')
}

/** Section 3.6. */
function enc(text: string): string {
  return Array.from(Buffer.from(text), (byte) => {
    const character = String.fromCharCode(byte)
    return /[\w\-.~]/.test(character) ? character : `%${byte.toString(16).padStart(2, '0').toUpperCase()}`
  }).join('')
}
