import { createHash, createHmac } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { pathSchemes } from '../../native-host/cli/path-schemes.ts'
import type { Auth } from '../../shared/model/service.ts'

/**
 * Exchanges whose calls are signed, from their documentation: what an owner types for each, and the exchange's own side, which
 * takes a call apart and computes the signature in its own way.
 */
export interface Exchange {
  /** What stands behind `--set`. */
  readonly settings: readonly string[]
  /** Why the exchange refuses the call; null where it lets it in. `now`: by its own clock, ms since the epoch. */
  fault(call: ExchangeCall, body: string, keys: ExchangeKeys, now?: number): string | null
}

export type ExchangeCall = Pick<IncomingMessage, 'method' | 'url' | 'headers'>

export interface ExchangeKeys {
  key: string
  secret: string
  passphrase: string
}

/** Exchanges refuse what was signed longer ago, ms. */
const WINDOW = 30_000

export const EXCHANGES: Readonly<Record<string, Exchange>> = {
  // https://bybit-exchange.github.io/docs/v5/guide#authentication
  bybit: {
    settings: [
      'key-header=X-BAPI-API-KEY',
      'timestamp-header=X-BAPI-TIMESTAMP',
      'signature-header=X-BAPI-SIGN',
      'header=X-BAPI-RECV-WINDOW',
      'format=5000',
      'message={timestamp}{key-id}5000{query}{body}',
    ],
    fault({ method, url, headers }, body, { key, secret }, now) {
      const of = (name: string) => String(headers[`x-bapi-${name}`])
      if (of('api-key') !== key || of('recv-window') !== '5000') return 'API key is invalid'
      const parameters = method === 'GET' ? queryOf(url) : body
      return judged(
        of('timestamp'),
        of('sign'),
        hex(secret, of('timestamp') + key + of('recv-window') + parameters),
        now,
      )
    },
  },
  // https://www.okx.com/docs-v5/en/#overview-rest-authentication
  okx: {
    settings: [
      'key-header=OK-ACCESS-KEY',
      'timestamp-header=OK-ACCESS-TIMESTAMP',
      'signature-header=OK-ACCESS-SIGN',
      'passphrase-header=OK-ACCESS-PASSPHRASE',
      'timestamp=iso',
      'encoding=base64',
      'message={timestamp}{method}{path}{?query}{body}',
    ],
    fault({ method, url, headers }, body, { key, secret, passphrase }, now) {
      const of = (name: string) => String(headers[`ok-access-${name}`])
      if (of('key') !== key || of('passphrase') !== passphrase) return 'Invalid OK-ACCESS-KEY'
      if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(of('timestamp')))
        return 'Invalid OK-ACCESS-TIMESTAMP'
      const right = base64(secret, `${of('timestamp')}${method}${url}${body}`)
      return judged(String(Date.parse(of('timestamp'))), of('sign'), right, now)
    },
  },
  // https://www.bitget.com/api-doc/common/signature
  bitget: {
    settings: [
      'key-header=ACCESS-KEY',
      'timestamp-header=ACCESS-TIMESTAMP',
      'signature-header=ACCESS-SIGN',
      'passphrase-header=ACCESS-PASSPHRASE',
      'encoding=base64',
      'message={timestamp}{method}{path}{?query}{body}',
    ],
    fault({ method, url = '', headers }, body, { key, secret, passphrase }, now) {
      const of = (name: string) => String(headers[`access-${name}`])
      if (of('key') !== key || of('passphrase') !== passphrase) return 'apikey or passphrase is wrong'
      const [path, query] = [url.split('?')[0], queryOf(url)]
      const text = [of('timestamp'), method, path, ...(query === '' ? [] : ['?', query]), body].join('')
      return judged(of('timestamp'), of('sign'), base64(secret, text), now)
    },
  },
  // https://mexcdevelop.github.io/apidocs/spot_v3_en/#signed
  mexc: {
    settings: [
      'key-header=X-MEXC-APIKEY',
      'timestamp-param=timestamp',
      'signature-param=signature',
      'message={query}{body}',
    ],
    fault({ url, headers }, body, { key, secret }, now) {
      if (headers['x-mexc-apikey'] !== key) return 'Api key info invalid'
      const query = queryOf(url)
      const at = query.lastIndexOf('&signature=')
      const total = query.slice(0, at) + body
      const timestamp = new URLSearchParams(query).get('timestamp') ?? ''
      return at < 0
        ? 'Mandatory parameter signature was not sent'
        : judged(timestamp, query.slice(at + 11), hex(secret, total), now)
    },
  },
  // https://developers.binance.com/docs/binance-spot-api-docs/rest-api/request-security
  binance: {
    settings: [
      'key-header=X-MBX-APIKEY',
      'timestamp-param=timestamp',
      'signature-param=signature',
      'message={query}{body}',
    ],
    fault({ url, headers }, body, { key, secret }, now) {
      if (headers['x-mbx-apikey'] !== key) return 'Invalid API-key, IP, or permissions for action'
      // Wherever the signature stands, what is signed is all the rest as it was sent, the query first.
      const parameters = queryOf(url).split('&')
      const given = parameters.filter((each) => each.startsWith('signature='))
      const total = parameters.filter((each) => !given.includes(each)).join('&') + body
      const timestamp = parameters.find((each) => each.startsWith('timestamp='))?.slice(10) ?? ''
      return given.length === 1
        ? judged(timestamp, String(given[0]?.slice(10)), hex(secret, total), now)
        : 'Mandatory parameter signature was not sent'
    },
  },
  // https://www.gate.com/docs/developers/apiv4/en/#apiv4-signed-request-requirements
  gate: {
    settings: [
      'key-header=KEY',
      'timestamp-header=Timestamp',
      'signature-header=SIGN',
      'timestamp=s',
      'algorithm=sha512',
      'message={method}{newline}{path}{newline}{query-decoded}{newline}{body-sha512}{newline}{timestamp}',
    ],
    fault({ method, url = '', headers }, body, { key, secret }, now) {
      if (headers.key !== key) return 'INVALID_KEY'
      const said = String(headers.timestamp)
      // The query without its escapes, in its own order; the hash of the body also where there is none.
      const query = [...new URLSearchParams(queryOf(url))].map((pair) => pair.join('=')).join('&')
      const payload = createHash('sha512').update(body).digest('hex')
      const text = [method, url.split('?')[0], query, payload, said].join('\n')
      const right = createHmac('sha512', secret).update(text).digest('hex')
      return judged(`${said}000`, String(headers.sign), right, now)
    },
  },
  // https://docs.cdp.coinbase.com/exchange/rest-api/authentication
  coinbase: {
    settings: [
      'key-header=CB-ACCESS-KEY',
      'timestamp-header=CB-ACCESS-TIMESTAMP',
      'signature-header=CB-ACCESS-SIGN',
      'passphrase-header=CB-ACCESS-PASSPHRASE',
      'timestamp=s',
      'encoding=base64',
      'secret-encoding=base64',
      'message={timestamp}{method}{path}{?query}{body}',
    ],
    fault({ method, url, headers }, body, { key, secret, passphrase }, now) {
      const of = (name: string) => String(headers[`cb-access-${name}`])
      if (of('key') !== key || of('passphrase') !== passphrase) return 'invalid api key'
      const right = base64(Buffer.from(secret, 'base64'), of('timestamp') + method + url + body)
      return judged(`${of('timestamp')}000`, of('sign'), right, now)
    },
  },
}

/** The scheme that an owner's settings make. */
export function exchangeAuth({ settings }: Exchange, key: string): Auth {
  const [scheme] = pathSchemes(['hmac'], [`key-id=${key}`, ...settings])
  if (scheme === undefined) throw new Error('no scheme')
  return scheme.auth
}

function judged(timestamp: string, given: string, right: string, now = Date.now()): string | null {
  if (!/^\d{13}$/.test(timestamp) || Math.abs(Number(timestamp) - now) > WINDOW)
    return 'outside of the window'
  return given === right ? null : 'Signature for this request is not valid'
}

function queryOf(url = ''): string {
  const at = url.indexOf('?')
  return at === -1 ? '' : url.slice(at + 1)
}

function hex(secret: string, text: string): string {
  return createHmac('sha256', secret).update(text).digest('hex')
}

function base64(secret: string | Buffer, text: string): string {
  return createHmac('sha256', secret).update(text).digest('base64')
}
