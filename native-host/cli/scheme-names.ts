import type { Auth } from '../../shared/model/service.ts'
import { HMAC_NAMES, hmacFrom } from './hmac-settings.ts'
import { MINTED_NAMES, mintedSchemeFrom } from './minted-scheme-names.ts'
import { UsageError } from './usage-error.ts'

const KINDS = [
  'bearer',
  'header',
  'basic',
  'query',
  'path',
  'cookie',
  'json-field',
  'form-field',
  'sigv4',
  'oauth2-client-credentials',
  'oauth2-refresh',
  'jwt-bearer',
  'github-app',
  'google-service-account',
  'hmac',
  'oauth1',
  'mtls',
  'none',
] as const
type Kind = (typeof KINDS)[number]

/** Names a `--set` may have for each kind. */
const NAMES: Readonly<Record<Kind, RegExp | null>> = {
  bearer: null,
  header: /^(header|format)(\.\d{1,2})?$/,
  basic: /^username$/,
  query: /^param$/,
  path: /^template$/,
  cookie: /^cookie$/,
  'json-field': /^pointer$/,
  'form-field': /^field$/,
  hmac: HMAC_NAMES,
  oauth1: /^(consumer-key|access-token|algorithm)$/,
  sigv4: /^(access-key-id|region|aws-service|style)$/,
  ...MINTED_NAMES,
  mtls: null,
  none: null,
}

/** What the owner said about one scheme, by name. */
export type Settings = ReadonlyMap<string, string>

/**
 * The scheme that a kind and its settings make. `secret-name` names the stored secret it takes in place of its kind's own, so
 * that a service can have several keys of one kind.
 *
 * @throws UsageError for what is unknown or missing.
 */
export function schemeFrom(kind: string, settings: Settings): Auth {
  if (!isKind(kind)) throw unknownKind(kind)
  const own = settings.get('secret-name')
  if (own === undefined) return unnamedFrom(kind, settings)
  return withSecret(unnamedFrom(kind, new Map([...settings].filter(([name]) => name !== 'secret-name'))), own)
}

function withSecret(auth: Auth, secret: string): Auth {
  if (!/^[a-z0-9][a-z0-9._-]{0,63}$/.test(secret))
    throw new UsageError('`--set secret-name` is a name of small letters, digits, `.`, `-` and `_`')
  if ('secret' in auth) return { ...auth, secret }
  if (auth.kind !== 'header') throw new UsageError(`\`${auth.kind}\` has no main secret that could be named`)
  return { ...auth, headers: auth.headers.map((header, at) => (at === 0 ? { ...header, secret } : header)) }
}

function unnamedFrom(kind: Kind, settings: Settings): Auth {
  const allowed = NAMES[kind]
  for (const name of settings.keys()) {
    if (allowed === null || !allowed.test(name))
      throw new UsageError(`\`${kind}\` has no setting \`${name}\``)
  }
  const need = (name: string) => needed(kind, settings, name)
  switch (kind) {
    case 'none':
      return { kind }
    case 'mtls': {
      const pem = { certificate: 'certificate', privateKey: 'private-key' }
      return { kind, pkcs12: 'pkcs12', ...pem, passphrase: 'passphrase' }
    }
    case 'bearer':
      return { kind, secret: 'token' }
    case 'header':
      return { kind, headers: headersFrom(settings) }
    case 'basic':
      return { kind, username: need('username'), secret: 'password' }
    case 'query':
      return { kind, param: need('param'), secret: 'value' }
    case 'path':
      return { kind, template: need('template'), secret: 'value' }
    case 'cookie':
      return { kind, cookie: need('cookie'), secret: 'value' }
    case 'sigv4':
      return sigv4From(settings, need('access-key-id'))
    case 'oauth1':
      return oauth1From(settings, need('consumer-key'))
    case 'hmac':
      return hmacFrom(settings)
    case 'form-field':
      return { kind, field: need('field'), secret: 'value' }
    case 'json-field':
      return { kind, pointer: need('pointer'), secret: 'value' }
    case 'oauth2-client-credentials':
    case 'oauth2-refresh':
    case 'jwt-bearer':
    case 'github-app':
    case 'google-service-account':
      return mintedSchemeFrom(kind, settings, need)
  }
}

function oauth1From(settings: Settings, consumerKey: string): Auth {
  const algorithm = (settings.get('algorithm') ?? 'HMAC-SHA1').toUpperCase()
  if (algorithm !== 'HMAC-SHA1' && algorithm !== 'HMAC-SHA256')
    throw new UsageError('`algorithm` is `HMAC-SHA1` or `HMAC-SHA256`')
  return {
    kind: 'oauth1',
    consumerKey,
    accessToken: settings.get('access-token') ?? null,
    algorithm,
    secret: 'consumer-secret',
    tokenSecret: 'access-token-secret',
  }
}

function sigv4From(settings: Settings, accessKeyId: string): Auth {
  const style = settings.get('style') ?? 'header'
  if (style !== 'header' && style !== 'query') throw new UsageError('`style` is `header` or `query`')
  return {
    kind: 'sigv4',
    accessKeyId,
    region: settings.get('region') ?? null,
    awsService: settings.get('aws-service') ?? null,
    style,
    secret: 'secret-access-key',
    sessionToken: 'session-token',
  }
}

function headersFrom(settings: Settings): { name: string; format: string; secret: string }[] {
  const suffixes = ['', ...[...settings.keys()].flatMap((name) => /\.\d+$/.exec(name)?.[0] ?? [])]
  return [...new Set(suffixes)].map((suffix) => {
    const format = settings.get(`format${suffix}`) ?? '{}'
    if (format.split('{}').length !== 2) {
      throw new UsageError(`\`format${suffix}\` holds \`{}\` once, where the secret goes, as in \`Token {}\``)
    }
    const name = needed('header', settings, `header${suffix}`).toLowerCase()
    return { name, format, secret: `value${suffix}` }
  })
}

function needed(kind: string, settings: Settings, name: string): string {
  const value = settings.get(name)
  if (value === undefined || value === '') throw new UsageError(`\`${kind}\` needs \`--set ${name}=…\``)
  return value
}

function isKind(kind: string): kind is Kind {
  return (KINDS as readonly string[]).includes(kind)
}

function unknownKind(kind: string): UsageError {
  return new UsageError(`there is no auth \`${kind}\`: there are ${KINDS.join(', ')}`)
}
