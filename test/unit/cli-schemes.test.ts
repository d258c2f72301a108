import { describe, expect, test } from 'vitest'
import { pathSchemes } from '../../native-host/cli/path-schemes.ts'
import { schemeHelp } from '../../native-host/cli/scheme-help.ts'
import { baseUrlsOf, localOf, serviceByHand } from '../../native-host/cli/service-by-hand.ts'
import { UsageError } from '../../native-host/cli/usage-error.ts'
import { AuthSchema } from '../../shared/model/auth.ts'

describe('schemes from --auth and --set', () => {
  test('one scheme without paths is for every path', () => {
    expect(pathSchemes(['bearer'], [])).toEqual([
      { paths: ['* /**'], auth: { kind: 'bearer', secret: 'token' } },
    ])
  })

  test('each kind takes its settings', () => {
    const only = (kind: string, ...sets: string[]) => pathSchemes([kind], sets)[0]?.auth
    expect(only('header', 'header=X-Api-Key')).toEqual({
      kind: 'header',
      headers: [{ name: 'x-api-key', format: '{}', secret: 'value' }],
    })
    expect(only('basic', 'username=u=v')).toEqual({ kind: 'basic', username: 'u=v', secret: 'password' })
    expect(only('query', 'param=key')).toEqual({ kind: 'query', param: 'key', secret: 'value' })
    expect(only('json-field', 'pointer=/key')).toEqual({
      kind: 'json-field',
      pointer: '/key',
      secret: 'value',
    })
    expect(only('path', 'template=/bot{}')).toEqual({ kind: 'path', template: '/bot{}', secret: 'value' })
    expect(only('cookie', 'cookie=sid')).toEqual({ kind: 'cookie', cookie: 'sid', secret: 'value' })
    expect(only('form-field', 'field=key')).toEqual({ kind: 'form-field', field: 'key', secret: 'value' })
    expect(only('sigv4', 'access-key-id=A', 'region=eu-west-1', 'aws-service=s3', 'style=query')).toEqual({
      kind: 'sigv4',
      accessKeyId: 'A',
      region: 'eu-west-1',
      awsService: 's3',
      style: 'query',
      secret: 'secret-access-key',
      sessionToken: 'session-token',
    })
    expect(only('oauth1', 'consumer-key=C', 'access-token=T', 'algorithm=hmac-sha256')).toEqual({
      kind: 'oauth1',
      consumerKey: 'C',
      accessToken: 'T',
      algorithm: 'HMAC-SHA256',
      secret: 'consumer-secret',
      tokenSecret: 'access-token-secret',
    })
    expect(only('none')).toEqual({ kind: 'none' })
  })

  test('the main secret of a scheme may have a name of its own', () => {
    const schemes = pathSchemes(
      ['bearer', 'bearer', 'header'],
      ['path=/v1/**', 'secret-name=write-token', 'path=/v2/**', 'header=x-key', 'secret-name=third'],
    )
    expect(schemes.map(({ paths, auth }) => [paths[0], 'secret' in auth ? auth.secret : auth])).toEqual([
      ['* /v1/**', 'write-token'],
      ['* /v2/**', { kind: 'header', headers: [{ name: 'x-key', format: '{}', secret: 'third' }] }],
      ['* /**', 'token'],
    ])
    for (const [kind, name] of [
      ['none', 'a'],
      ['mtls', 'a'],
      ['bearer', 'a b'],
      ['bearer', ''],
    ] as const)
      expect(() => pathSchemes([kind], [`secret-name=${name}`]), kind).toThrow(UsageError)
  })

  test('further headers have numbers, formats and secrets of their own', () => {
    const [scheme] = pathSchemes(['header'], ['header=a', 'format=Token {}', 'header.2=b'])
    expect(scheme?.auth).toEqual({
      kind: 'header',
      headers: [
        { name: 'a', format: 'Token {}', secret: 'value' },
        { name: 'b', format: '{}', secret: 'value.2' },
      ],
    })
  })

  test('path begins a scheme, and each has the --auth of its place', () => {
    const schemes = pathSchemes(
      ['json-field', 'bearer', 'query'],
      ['path=/api/v6/**', 'pointer=/key', 'path=/llm/**', 'path=GET /models', 'param=key'],
    )
    expect(schemes.map(({ paths, auth }) => [paths, auth.kind])).toEqual([
      [['* /api/v6/**'], 'json-field'],
      [['* /llm/**'], 'bearer'],
      [['GET /models'], 'query'],
    ])
  })

  test('a scheme for all other paths comes last, because the first match is used', () => {
    const schemes = pathSchemes(['basic', 'bearer'], ['username=u', 'path=/v2/**'])
    expect(schemes.map(({ paths, auth }) => [paths, auth.kind])).toEqual([
      [['* /v2/**'], 'bearer'],
      [['* /**'], 'basic'],
    ])
    const plain = pathSchemes(['bearer', 'query'], ['path=/v2/**', 'param=key'])
    expect(plain.map(({ paths, auth }) => [paths, auth.kind])).toEqual([
      [['* /v2/**'], 'query'],
      [['* /**'], 'bearer'],
    ])
  })

  test.each<[string, string[], string[]]>([
    ['no kind', [], []],
    ['an unknown kind', ['magic'], []],
    ['a setting of a kind that has none', ['mtls'], ['pkcs12=x']],
    ['no access key id', ['sigv4'], ['region=us-east-1']],
    ['a style there is not', ['sigv4'], ['access-key-id=A', 'style=body']],
    ['no consumer key', ['oauth1'], []],
    ['an algorithm there is not', ['oauth1'], ['consumer-key=A', 'algorithm=PLAINTEXT']],
    ['a setting of another kind', ['bearer'], ['header=x']],
    ['a missing setting', ['basic'], []],
    ['an empty setting', ['query'], ['param=']],
    ['a format without a place', ['header'], ['header=x', 'format=Token']],
    ['a format with two places', ['header'], ['header=x', 'format={}{}']],
    ['a setting given twice', ['query'], ['param=a', 'param=b']],
    ['a setting without a value', ['query'], ['param']],
    ['more kinds than schemes', ['bearer', 'basic', 'query'], ['path=/a']],
  ])('%s is refused', (_name, kinds, sets) => {
    expect(() => pathSchemes(kinds, sets)).toThrow(UsageError)
  })
})

test('every setting that the help names is one that is taken', () => {
  const help = schemeHelp()
  const sections = help.split(/^ {2}(?=\S)/m).slice(1)
  expect(sections.length).toBeGreaterThan(10)
  for (const section of sections) {
    const kind = section.split(':', 1)[0] ?? ''
    const named = [...section.matchAll(/([a-z][a-z-]*(?:\.2)?)=/g)].map(([, name = '']) => name)
    for (const name of named) {
      // Whatever else is wrong with it: the setting is known.
      const message = messageOf(() => pathSchemes([kind], [`${name}=x`]))
      expect(message, `${kind} ${name}`).not.toContain('has no setting')
      expect(message, kind).not.toContain('there is no auth')
    }
  }
})

function messageOf(work: () => unknown): string {
  try {
    work()
    return ''
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    return error.message
  }
}

describe('a service by hand', () => {
  test('strips what its schemes write, and allows nothing else', () => {
    const service = serviceByHand('x', pathSchemes(['json-field'], ['pointer=/key']), {
      baseUrl: ['https://a.example'],
    })
    expect(service.strip).toEqual({ headers: [], query: [], jsonFields: ['/key'] })
    const form = serviceByHand('x', pathSchemes(['form-field'], ['field=key']), {
      baseUrl: ['https://a.example'],
    })
    expect(form.strip).toEqual({ headers: [], query: [], jsonFields: [], formFields: ['key'] })
    expect(service).toMatchObject({ preset: null, local: null, allowHeaders: [], denyAlways: [] })
  })

  test('a final slash of a base URL is dropped', () => {
    expect(baseUrlsOf({ baseUrl: ['https://a.example/', 'https://b.example/v1//'] })).toEqual([
      'https://a.example',
      'https://b.example/v1',
    ])
  })

  test('a base URL is needed, and an address goes with --local only', () => {
    expect(() => serviceByHand('x', pathSchemes(['bearer'], []), {})).toThrow(UsageError)
    expect(() => localOf({ address: '10.0.0.1' })).toThrow(UsageError)
    expect(localOf({ local: true, address: '10.0.0.1' })).toEqual({ address: '10.0.0.1' })
    expect(localOf({ local: true })).toEqual({ address: null })
    expect(localOf({})).toBeUndefined()
  })
})

test('the help says of each kind there is what it takes', () => {
  const lines = schemeHelp().split('\n')
  const told = lines.flatMap((line) => /^ {2}([a-z0-9-]+):/.exec(line)?.[1] ?? [])
  const kinds = AuthSchema.def.options.map(({ shape }) => shape.kind.def.values[0])
  expect(told.toSorted()).toEqual(kinds.toSorted())
})
