import { describe, expect, test } from 'vitest'
import { schemeOf } from '../../native-host/auth/schemes.ts'
import { inject } from '../../native-host/broker/inject.ts'
import { checkSecrets } from '../../native-host/owner/check-secrets.ts'
import { awsScopeOf } from '../../native-host/policy/aws-scope.ts'
import { canonicalise } from '../../native-host/policy/canonical.ts'
import { explain } from '../../native-host/policy/explain.ts'
import { needsBody } from '../../native-host/policy/needs-body.ts'
import type { Auth } from '../../shared/model/service.ts'
import { exampleCapability } from '../support/examples.ts'
import { OCCASION, PLACEHOLDER, secretsOf, serviceWith } from './auth-fixture.ts'

type SigV4 = Extract<Auth, { kind: 'sigv4' }>
const ID = 'AKIDEXAMPLE'
const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
const aws = (over: Partial<SigV4> = {}): SigV4 => ({
  kind: 'sigv4',
  accessKeyId: ID,
  region: null,
  awsService: null,
  style: 'header',
  secret: 'secret-access-key',
  sessionToken: 'session-token',
  ...over,
})
const S3 = 'https://box.s3.eu-west-1.amazonaws.com'
const DYNAMO = 'https://dynamodb.eu-west-1.amazonaws.com'
const secrets = secretsOf({ 'secret-access-key': SECRET })

interface Asked {
  method?: string
  url: string
  headers?: [string, string][]
  body?: Uint8Array | AsyncIterable<Uint8Array> | null
}

/** What is sent where neither page nor service says it, of a call that no browser sends. */
const NOBODY_SAID = [
  ['accept', '*/*'],
  ['user-agent', 'valetkey'],
]

/** What a page's call becomes, by the functions that real ones go through. */
function sent(
  { method = 'GET', url, headers = [], body = null }: Asked,
  auth: SigV4 = aws(),
  stored = secrets,
) {
  const service = serviceWith(auth, { baseUrls: [new URL(url).origin] })
  const canonical = canonicalise({ method, url, headers }, service)
  if ('refused' in canonical) throw new Error(canonical.refused)
  const injected = inject(canonical.request, body, null, service, auth, stored, OCCASION.now)
  const header = (name: string) =>
    injected.outbound.headers.filter(([each]) => each === name).map(([, value]) => value)
  return { ...injected, request: canonical.request, header }
}
async function* stream() {
  yield Buffer.from('a')
}

test('what the page’s SDK signed with the placeholder goes, from headers and address, and explain shows it gone', () => {
  const headers: [string, string][] = [
    [
      'Authorization',
      `AWS4-HMAC-SHA256 Credential=${PLACEHOLDER}/20260101/eu-west-1/s3/aws4_request, Signature=00`,
    ],
    ['X-Amz-Date', '20260101T000000Z'],
    ['X-Amz-Content-Sha256', 'UNSIGNED-PAYLOAD'],
    ['X-Amz-Security-Token', 'theirs'],
    ['x-amz-checksum-crc32', 'AAAAAA=='],
    ['X-Amz-User-Agent', 'aws-sdk-js/3'],
  ]
  const query =
    'x-id=GetObject&X-Amz-Signature=00&X-Amz-Credential=mine&X-Amz-Date=1&x-amz-signedheaders=host'
  const url = `${S3}/a?${query}&X-Amz-Expires=9&X-Amz-Algorithm=x&X-Amz-Security-Token=t`
  const out = sent({ url, headers })
  expect(out.outbound.url).toBe(`${S3}/a?x-id=GetObject`)
  expect(out.outbound.headers.map(([name]) => name).sort()).toEqual([
    'accept',
    'authorization',
    'user-agent',
    'x-amz-checksum-crc32',
    'x-amz-content-sha256',
    'x-amz-date',
  ])
  expect(out.header('x-amz-date')).toEqual(['20150830T123600Z'])
  const shown = explain(
    { method: 'GET', url, headers },
    null,
    exampleCapability(['allow GET /**']),
    serviceWith(aws(), { baseUrls: [S3] }),
  )
  expect(shown).toMatchObject({
    decision: 'allow',
    request: { url: `${S3}/a?x-id=GetObject`, headers: { 'x-amz-checksum-crc32': 'AAAAAA==' } },
  })
})

test('a header that is part of what is asked passes by the service’s list, or the call does not', () => {
  const copied: [string, string][] = [['X-Amz-Copy-Source', '/other/secret']]
  const put = (allowHeaders: string[]) =>
    canonicalise(
      { method: 'PUT', url: `${S3}/a`, headers: copied },
      serviceWith(aws(), { baseUrls: [S3], allowHeaders }),
    )
  expect(put([])).toEqual({ refused: 'header-not-listed' })
  expect(put(['x-amz-meta-*'])).toEqual({ refused: 'header-not-listed' })
  expect(put(['x-amz-copy-source'])).toMatchObject({
    request: { headers: [['x-amz-copy-source', '/other/secret'], ...NOBODY_SAID] },
  })
  const guarded: [string, string][] = [['X-Amzn-Bedrock-GuardrailIdentifier', 'g1']]
  const asked = { method: 'POST', url: `${DYNAMO}/`, headers: guarded }
  const service = serviceWith(aws(), { baseUrls: [DYNAMO] })
  expect(canonicalise(asked, service)).toEqual({ refused: 'header-not-listed' })
  const traced = { ...asked, headers: [['X-Amzn-Trace-Id', 't']] as const }
  expect(canonicalise(traced, service)).toMatchObject({ request: { headers: NOBODY_SAID } })
  const elsewhere = canonicalise(
    { method: 'PUT', url: `${S3}/a`, headers: copied },
    serviceWith({ kind: 'bearer', secret: 'token' }, { baseUrls: [S3] }),
  )
  expect(elsewhere).toMatchObject({ request: { headers: NOBODY_SAID } })
})

test('the header names key, scope and every header that was signed; the signature must not come back', () => {
  const out = sent({
    url: `${DYNAMO}/`,
    method: 'POST',
    headers: [['content-type', 'application/json']],
    body: Buffer.from('{}'),
  })
  const [authorization = ''] = out.header('authorization')
  expect(authorization).toMatch(
    /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/20150830\/eu-west-1\/dynamodb\/aws4_request, SignedHeaders=accept;content-type;host;x-amz-content-sha256;x-amz-date, Signature=[0-9a-f]{64}$/,
  )
  const signature = authorization.slice(-64)
  expect(out.needles.map(({ bytes }) => Buffer.from(bytes).toString('hex'))).toContain(signature)
  expect(out.header('x-amz-content-sha256')).toEqual([
    '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
  ])
})

test('a session token is sent and signed where the service has one', () => {
  const stored = secretsOf({ 'secret-access-key': SECRET, 'session-token': 'FwoGZXIvYXdzEBc' })
  const out = sent({ url: `${S3}/a` }, aws(), stored)
  expect(out.header('x-amz-security-token')).toEqual(['FwoGZXIvYXdzEBc'])
  expect(out.header('authorization')[0]).toContain(';x-amz-security-token,')
  const inAddress = sent({ url: `${S3}/a` }, aws({ style: 'query' }), stored)
  expect(new URL(inAddress.outbound.url).searchParams.get('X-Amz-Security-Token')).toBe('FwoGZXIvYXdzEBc')
  const service = { id: 's', auth: [{ paths: ['/**'], auth: aws() }] }
  const bytes = (names: string[]) => new Map(names.map((name) => [name, Buffer.from('long-enough')]))
  expect(() => checkSecrets(service, bytes(['secret-access-key']), true)).not.toThrow()
  expect(() => checkSecrets(service, bytes(['secret-access-key', 'session-token']), true)).not.toThrow()
  expect(() => checkSecrets(service, bytes(['session-token']), true)).toThrow('secret-access-key')
  expect(() => checkSecrets(service, bytes(['secret-access-key', 'other']), true)).toThrow('other')
})

test('a header of the page that should have gone is not sent beside ours', () => {
  const stored = secretsOf({ 'secret-access-key': SECRET, 'session-token': 'FwoGZXIvYXdzEBc' })
  const service = serviceWith(aws(), { baseUrls: [S3] })
  const headers = [['x-amz-security-token', 'theirs']] as const
  const request = { method: 'GET', url: `${S3}/a`, origin: S3, path: '/a', query: [], headers }
  expect(() => inject(request, null, null, service, aws(), stored, OCCASION.now)).toThrow(
    expect.objectContaining({ code: 'internal', reason: 'header-twice' }),
  )
})

describe('bodies', () => {
  const put = (body: Asked['body'], headers: [string, string][] = [], url = `${S3}/a`) =>
    sent({ method: 'PUT', url, headers, body: body ?? null })
  test('one that streams past is left unsigned at S3 and held elsewhere', () => {
    expect(put(stream()).header('x-amz-content-sha256')).toEqual(['UNSIGNED-PAYLOAD'])
    expect(() => put(stream(), [], `${DYNAMO}/`)).toThrow(
      expect.objectContaining({ reason: 'body-not-held' }),
    )
    const request = (url: string) => {
      const { origin, pathname: path } = new URL(url)
      return { method: 'PUT', url, origin, path, query: [], headers: [] }
    }
    const needs = (url: string, auth = aws()) =>
      needsBody(request(url), exampleCapability([]), serviceWith(auth, { baseUrls: [new URL(url).origin] }))
    expect(needs(`${S3}/a`)).toBe(false)
    expect(needs(`${DYNAMO}/`)).toBe(true)
    expect(needs('https://swift.example/a', aws({ region: 'us-east-1', awsService: 's3' }))).toBe(false)
    expect(needs('https://swift.example/a', aws({ region: 'us-east-1', awsService: 'es' }))).toBe(true)
  })
  test('one in unsigned chunks with a checksum behind them stays that', () => {
    const said: [string, string][] = [
      ['x-amz-content-sha256', 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'],
      ['x-amz-decoded-content-length', '1'],
      ['x-amz-trailer', 'x-amz-checksum-crc32'],
      ['content-encoding', 'aws-chunked'],
    ]
    const out = put(stream(), said)
    expect(out.header('x-amz-content-sha256')).toEqual(['STREAMING-UNSIGNED-PAYLOAD-TRAILER'])
    expect(out.header('content-encoding')).toEqual(['aws-chunked'])
    expect(out.header('authorization')[0]).toContain(
      'SignedHeaders=accept;content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-trailer,',
    )
  })
  test('one in such chunks is said to be that and nothing else', () => {
    const said: [string, string][] = [
      ['x-amz-content-sha256', 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'],
      ['content-encoding', 'identity'],
    ]
    expect(put(stream(), said).header('content-encoding')).toEqual(['aws-chunked'])
  })
  test('one that the page has packed is refused: it would be stored without the word that says so', () => {
    expect(() => put(stream(), [['content-encoding', 'gzip']])).toThrow('header-not-listed')
  })
  test('one whose chunks the page signed is refused: they would be stored as content', () => {
    for (const said of ['STREAMING-AWS4-HMAC-SHA256-PAYLOAD', 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER'])
      expect(() => put(stream(), [['x-amz-content-sha256', said]])).toThrow(
        expect.objectContaining({ code: 'malformed', reason: 'body-signed-in-pieces' }),
      )
  })
})

test('in the address, S3 hears nothing of the body and every other service its hash', () => {
  const style = aws({ style: 'query' })
  const out = sent({ url: `${S3}/a?x-id=GetObject` }, style)
  const pairs = [...new URL(out.outbound.url).searchParams.keys()]
  expect(pairs).toEqual([
    'x-id',
    'X-Amz-Algorithm',
    'X-Amz-Credential',
    'X-Amz-Date',
    'X-Amz-SignedHeaders',
    'X-Amz-Expires',
    'X-Amz-Signature',
  ])
  expect(out.outbound.headers).toEqual(NOBODY_SAID)
})

test.each([
  ['s3.eu-west-1.amazonaws.com', 'eu-west-1', 's3'],
  ['box.s3.eu-west-1.amazonaws.com', 'eu-west-1', 's3'],
  ['my.box.s3.us-east-2.amazonaws.com', 'us-east-2', 's3'],
  ['box.s3.dualstack.eu-west-1.amazonaws.com', 'eu-west-1', 's3'],
  ['s3-fips.us-gov-west-1.amazonaws.com', 'us-gov-west-1', 's3'],
  ['box.s3.amazonaws.com', 'us-east-1', 's3'],
  ['s3.cn-north-1.amazonaws.com.cn', 'cn-north-1', 's3'],
  ['bedrock-runtime.us-east-1.amazonaws.com', 'us-east-1', 'bedrock'],
  ['dynamodb.ap-southeast-2.amazonaws.com:443', 'ap-southeast-2', 'dynamodb'],
  ['email.us-east-1.amazonaws.com', 'us-east-1', 'ses'],
  ['a1b2.execute-api.eu-central-1.amazonaws.com', 'eu-central-1', 'execute-api'],
  ['search-x.eu-west-1.es.amazonaws.com', 'eu-west-1', 'es'],
  ['xyz.lambda-url.eu-west-1.on.aws', 'eu-west-1', 'lambda'],
  ['iam.amazonaws.com', 'us-east-1', 'iam'],
  ['sqs.amazonaws.com', null, null],
  ['s3.example.com', null, null],
  ['amazonaws.com', null, null],
  ['127.0.0.1:8090', null, null],
])('%s is %s %s', (host, region, service) => {
  const scope = awsScopeOf(aws(), host)
  if (region === null) expect(scope).toBeNull()
  else expect(scope).toMatchObject({ region, service, isS3: service === 's3' })
  expect(awsScopeOf(aws({ region: 'r-1', awsService: 's3' }), host)).toEqual({
    region: 'r-1',
    service: 's3',
    isS3: true,
  })
})

test.each([
  [aws(), S3, null],
  [aws({ region: 'us-east-1', awsService: 's3' }), 'http://127.0.0.1:8090', null],
  [aws({ accessKeyId: 'test:tester' }), S3, null],
  [aws(), 'https://s3.example.com', 'region=us-east-1'],
  [aws({ region: 'us-east-1' }), 'https://s3.example.com', 'aws-service=s3'],
  [aws({ region: 'us east' }), S3, 'is no region'],
  [aws({ awsService: 'S3/x' }), S3, 'is no AWS service'],
  [aws({ accessKeyId: 'a/b' }), S3, 'access key id'],
  [aws({ accessKeyId: '' }), S3, 'access key id'],
] as [SigV4, string, string | null][])('before it is saved: %j at %s: %s', (auth, baseUrl, wrong) => {
  const flaw = schemeOf(auth).flaw?.(auth, { baseUrls: [baseUrl] }) ?? null
  if (wrong === null) expect(flaw).toBeNull()
  else expect(flaw).toContain(wrong)
})
