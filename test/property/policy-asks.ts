import fc from 'fast-check'
import { queries } from './policy-documents.ts'
import { PLACEHOLDERS } from './policy-world.ts'
import { rarely } from './rarely.ts'

/** A claimed request with its whole body. */
export interface GeneratedAsk {
  readonly method: string
  readonly url: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Uint8Array | null
}

const LONG = PLACEHOLDERS[0]
const pick = <T>(...values: T[]) => fc.constantFrom(...values)

const methods = fc.oneof(
  {
    weight: 12,
    arbitrary: pick(
      'GET',
      'POST',
      'POST',
      'POST',
      'HEAD',
      'PUT',
      'PATCH',
      'DELETE',
      'OPTIONS',
      'post',
      'Get',
    ),
  },
  {
    weight: 1,
    arbitrary: pick('TRACE', 'CONNECT', 'GET ', 'P\u00d6ST', 'get\n', '', 'PROPFIND', 'opt\u0131ons'),
  },
)

/** Of these hostile URLs are made. */
// biome-ignore format: a list
const piece = pick('/', '//', '/v1', '/v1/', '/V1/', 'v1', '.', '..', '/../', '/./', '%2e', '%2E%2e', '%2f', '%5C', '\\', '%00', '%25', '%252e', '%', '%zz', '%61', '%c3%a9', '%3b', '%3A', ';', '@', ':', ':443', ':80', ':0443', '?', '#', '&', '=', 'key=1', '%0d%0a', '+', '\t', '\n', ' ', '\u3002', '\u00e9', '\uff0f', "'", '"', '^', '|', '<', '~', 'x', 'a', 'admin', 'evil.test', '%7e', '\u202e', '\ud800')
// biome-ignore format: a list
const paths = pick('/v1/a', '/v1/a', '/v1/b', '/v1/A', '/v1/a/b', '/v1/a/', '/v1', '/v1/', '/v1/models', '/v1/models/x', '/v1/graphql', '/v1/graphql', '/v1/x%3Ay', '/v1/x%3ay', '/api/v1/a', '/api/v1', '/api', '/', '', '/v10/a', '/v1/a/b/c', "/v1/~'!$a")
// biome-ignore format: a list
const queryTexts = pick('', '', '', '', '', '?', '?q=1', '?q=1&limit=2', '?q=1&q=2', '?a=1', '?model=m', '?N=1&q=1', '?max%5Ftokens[]=1', '?Q=1', '?other=1', '?key=mine', '?a=1&key=mine&b=2', '?KEY=mine', '?token=mine', '?apikey=1&q=1', `?q=${LONG}`, '?q=none', `?q=1&x=Bearer+${LONG}`, '?_method=DELETE', '?%5fmethod=x', '?q=a;b', '?q=%00', '?q=a%0Ab%09c', '?q%0a=1', '?q=%0d', '?q=%zz', '?%zz=1', '?q=%c3%a9&limit=a+b', '?q==&&', '?q=%73k-placeholder-000000', '#frag', '?q=1#/../x')

/** The ways an origin can be written, rightly and wrongly. */
function origins(origin: string): fc.Arbitrary<string> {
  const [scheme = '', host = ''] = origin.split('://')
  const name = host.split(':')[0] ?? ''
  const wrong = [
    `${scheme}://evil.test`,
    `${scheme}://${host}@evil.test`,
    `${scheme}://u:p@${host}`,
    `${scheme}://${name}:1`,
    `${scheme}://${name}.`,
    `//${host}`,
    `${scheme}:/${host}`,
    `${scheme}:${host}`,
    `${scheme}:\\\\${host}`,
    ` ${origin}`,
    `${origin}.evil.test`,
    `ftp://${host}`,
    `${scheme}:///${host}`,
    `${scheme}://${host}\u3002`,
  ]
  return fc.oneof(
    {
      weight: 14,
      arbitrary: pick(origin, origin, origin, origin.toUpperCase(), `${scheme.toUpperCase()}://${host}`),
    },
    { weight: 1, arbitrary: pick(...wrong) },
  )
}

function urls(origin: string): fc.Arbitrary<string> {
  const usual = fc.tuple(origins(origin), paths, queryTexts).map((parts) => parts.join(''))
  const start = fc.oneof(
    { weight: 3, arbitrary: pick(`${origin}/v1`, `${origin}/v1/`, `${origin}/v1/a?q=`) },
    origins(origin),
  )
  const hostile = fc
    .tuple(start, fc.array(piece, { maxLength: 6 }))
    .map(([head, pieces]) => head + pieces.join(''))
  return fc.oneof({ weight: 4, arbitrary: usual }, { weight: 1, arbitrary: hostile })
}

// biome-ignore format: a list
const headerNames = pick('Accept', 'accept', 'ACCEPT', 'accept-language', 'x-request-id', 'X-Stainless-Lang', 'x-title', 'x-app-name', 'x-app-key', 'prefer', 'x-version', 'x-other', 'user-agent', 'Authorization', 'cookie', 'x-api-key', 'host', 'Content-Length', 'transfer-encoding', 'TE', 'trailer', 'connection', 'upgrade', 'keep-alive', 'expect', 'proxy-authorization', 'proxy-connection', 'x-http-method-override', 'x-forwarded-for', 'content_length', 'x_title', 'sec-fetch-mode', 'referer', 'origin', 'accept-encoding', 'content-encoding', 'range', 'date', 'via', 'valet-key-problem', 'cf-ray', 'idempotency-key')
const headerValues = pick(
  '1',
  'a, b',
  '',
  ' padded\t',
  'chunked',
  'identity',
  '0',
  `Bearer ${LONG}`,
  LONG,
  'none',
  'Bearer none',
  '\u00e9',
  'none of them',
)
const badHeader = pick<[string, string]>(
  ['x-a', 'a\r\nInjected: 1'],
  ['x\u00e9', '1'],
  ['x a', '1'],
  ['', '1'],
  ['accept', '\u20ac'],
  ['host', 'a\0'],
  [':authority', 'x'],
)
const headers = fc
  .tuple(fc.array(fc.tuple(headerNames, headerValues), { maxLength: 4 }), rarely(badHeader, 24))
  .map(([good, bad]): [string, string][] => (bad === null ? good : [...good, bad]))

/** JSON texts made of what rules speak of, now and then spelled, doubled or broken. */
const member = fc.tuple(
  pick(
    'model',
    'model',
    'n',
    'a',
    'key',
    'max_tokens',
    'models',
    'file',
    'Model',
    'maxTokens',
    'model_id',
    '__proto__',
    'n\u200b',
    '\uff4e',
    'query',
    'm\\u006fdel',
  ),
  pick(
    '"m"',
    '"x"',
    '"y"',
    '1',
    '2',
    '2.5',
    '2.50',
    '-1',
    '1e0',
    '1e400',
    '100',
    '101',
    'true',
    'null',
    '["m"]',
    '["m","y"]',
    '{"b":1}',
    '{"b":"m","B":2}',
    '{"key":1,"b":2}',
    '{}',
    `"${LONG}"`,
    `{"b":"Bearer ${LONG}"}`,
    '"none"',
    '"\\ud800"',
    '0.1000000000000000000001',
    '9007199254740993',
  ),
)
const json = fc
  .tuple(
    fc.array(member, { maxLength: 4 }),
    pick('', '', '', '', ' ', '\n'),
    pick('', '', '', '', '', '', ',', '}', '\ufeff', '//x', '\u0000', '[1]'),
  )
  .map(([members, blank, odd]) => {
    const text = `{${members.map(([key, value]) => `${blank}"${key}"${blank}:${value}`).join(`,${blank}`)}}`
    return odd === '\ufeff' ? odd + text : text + odd
  })

const formPair = fc.tuple(
  pick(
    'model',
    'model',
    'n',
    'a',
    'key',
    'max_tokens',
    'file',
    'model%5B%5D',
    'a[b]',
    'Model',
    'n.x',
    '%6e',
    '_method',
    'max+tokens',
    '',
    '_charset_',
    'models',
    'query',
  ),
  pick(
    '=m',
    '=x',
    '=1',
    '=2',
    '=2.5',
    '=02',
    '=+2',
    '=true',
    '=',
    '',
    '=%6d',
    '=a+b',
    '=%zz',
    '=%ff',
    '=m=',
    '=100',
    '=\u00e9',
    '=%E2%82%AC',
  ),
  pick('&', '&', '&', '&', '&', '&', ';', '&&'),
)
const form = fc
  .array(formPair, { maxLength: 4 })
  .map((pairs) =>
    pairs.map(([key, value, end], at) => key + value + (at === pairs.length - 1 ? '' : end)).join(''),
  )

const B = '----b0undary'
const partHead = pick(
  ...[
    'model',
    'n',
    'a',
    'key',
    'file',
    'max_tokens',
    'model[]',
    'Model',
    '_method',
    'query',
    'models',
    'x;y',
    'x%79',
  ].map((name) => `Content-Disposition: form-data; name="${name}"`),
  'Content-Disposition: form-data; name="file"; filename="a.bin"\r\nContent-Type: application/octet-stream',
  'content-type: text/plain;charset=utf-8\r\ncontent-disposition: form-data; name="n"',
  'Content-Disposition: form-data; name="n"\r\nContent-Transfer-Encoding: base64',
  'Content-Disposition: form-data; name="n"; name="model"',
  'Content-Disposition: form-data;\r\n name="model"',
  'Content-Disposition: form-data; name="n"; filename*=utf-8\'\'x',
  'Content-Disposition: form-data; name=n',
)
const partValue = pick(
  'm',
  'm',
  'x',
  '1',
  '2',
  '2.5',
  '02',
  'true',
  '',
  'a\r\nb',
  `--${B}`,
  `\r\n--${B}x`,
  '\u0000',
  '\u00e9',
  '100',
)
const multipart = fc
  .tuple(
    fc.array(fc.tuple(partHead, partValue), { maxLength: 3 }),
    pick('', '', '', '', '', '', 'x\r\n', '\r\n'),
    pick('--\r\n', '--\r\n', '--\r\n', '--', '', '--\r\nx', '--\n', '-', '-- \r\n'),
  )
  .map(
    ([parts, before, end]) =>
      `${before}${parts.map(([head, value]) => `--${B}\r\n${head}\r\n\r\n${value}\r\n`).join('')}--${B}${end}`,
  )

// biome-ignore format: a list
const odd = pick('application/json; charset=utf-16', 'application/json;charset=UTF-8', 'application/vnd.x+json', 'text/plain', 'application/graphql', 'multipart/form-data', `multipart/form-data; boundary="${B}"`, 'multipart/form-data; boundary=x', 'application/x-www-form-urlencoded; charset=latin1', 'application/x-www-form-urlencoded;charset=utf-8', '')
const bodies = fc.oneof(
  { weight: 2, arbitrary: fc.constant(null) },
  { weight: 4, arbitrary: fc.tuple(fc.constant('application/json'), json) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('application/x-www-form-urlencoded'), form) },
  { weight: 2, arbitrary: fc.tuple(fc.constant(`multipart/form-data; boundary=${B}`), multipart) },
  { weight: 3, arbitrary: fc.tuple(fc.constant('application/json'), queries) },
  {
    weight: 1,
    arbitrary: fc.tuple(
      fc.constant('text/plain'),
      pick('', 'x', 'GET /v1/a HTTP/1.1\r\nHost: x\r\n\r\n', '0\r\n\r\n'),
    ),
  },
)
const typed = fc.tuple(bodies, rarely(odd, 10)).map(([body, other]) => {
  if (body === null) return { type: null, text: null }
  return { type: other ?? body[0], text: body[1] }
})

/** Asks of every kind for a service at this origin: anything at all, and calls with nothing odd but their body. */
export function asks(origin: string): fc.Arbitrary<GeneratedAsk> {
  const plain = bodies.map((body): GeneratedAsk => {
    const headers: GeneratedAsk['headers'] = body === null ? [] : [['content-type', body[0]]]
    return {
      method: 'POST',
      url: `${origin}/v1/a`,
      headers,
      body: body === null ? null : Buffer.from(body[1]),
    }
  })
  return fc.oneof({ weight: 3, arbitrary: anything(origin) }, { weight: 2, arbitrary: plain })
}

function anything(origin: string): fc.Arbitrary<GeneratedAsk> {
  return fc
    .tuple(methods, urls(origin), headers, typed, fc.boolean(), rarely(fc.constant(true), 12))
    .map(([method, url, others, { type, text }, first, carries]) => {
      const own: [string, string][] =
        type === null || type === '' ? [] : [[first ? 'Content-Type' : 'content-type', type]]
      return {
        method,
        url,
        headers: first ? [...own, ...others] : [...others, ...own],
        // Browsers send no body with GET and HEAD; now and then one comes all the same.
        body: text === null || (/^(get|head)$/i.test(method) && carries === null) ? null : Buffer.from(text),
      }
    })
}
