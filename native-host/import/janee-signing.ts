import type { PathAuth } from '../../shared/model/service.ts'
import type { JaneeAuth } from './janee-file.ts'
import type { JaneeSecrets, SecretField } from './janee-secrets.ts'

/** Makes schemes of a kind of auth and its settings: the command's own `--auth` and `--set`. @throws Error `UsageError`. */
export type MakeSchemes = (kinds: readonly string[], settings: readonly string[]) => PathAuth[]

/** A kind of Janee's that signs or mints: settings of ours by their names, and secrets of ours by the fields they come from. */
interface Kind {
  readonly kind: string
  readonly settings: (auth: JaneeAuth, field: (name: SecretField) => string) => readonly string[]
  readonly secrets: Readonly<Record<string, SecretField>>
}

const exchange = (settings: readonly string[], hasPassphrase = false): Kind => ({
  kind: 'hmac',
  settings: (_, field) => [`key-id=${field('apiKey')}`, ...settings],
  secrets: { secret: 'apiSecret', ...(hasPassphrase ? { passphrase: 'passphrase' } : {}) },
})

const KINDS: Readonly<Record<string, Kind>> = {
  // https://bybit-exchange.github.io/docs/v5/guide#authentication
  'hmac-bybit': exchange([
    'key-header=X-BAPI-API-KEY',
    'timestamp-header=X-BAPI-TIMESTAMP',
    'signature-header=X-BAPI-SIGN',
    'header=X-BAPI-RECV-WINDOW',
    'format=5000',
    'message={timestamp}{key-id}5000{query}{body}',
  ]),
  // https://www.okx.com/docs-v5/en/#overview-rest-authentication
  'hmac-okx': exchange(
    [
      'key-header=OK-ACCESS-KEY',
      'timestamp-header=OK-ACCESS-TIMESTAMP',
      'signature-header=OK-ACCESS-SIGN',
      'passphrase-header=OK-ACCESS-PASSPHRASE',
      'timestamp=iso',
      'encoding=base64',
      'message={timestamp}{method}{path}{?query}{body}',
    ],
    true,
  ),
  // https://mexcdevelop.github.io/apidocs/spot_v3_en/#signed
  'hmac-mexc': exchange([
    'key-header=X-MEXC-APIKEY',
    'timestamp-param=timestamp',
    'signature-param=signature',
    'message={query}{body}',
  ]),
  'aws-sigv4': {
    kind: 'sigv4',
    settings: ({ region, awsService }, field) => [
      `access-key-id=${field('accessKeyId')}`,
      ...(region === undefined ? [] : [`region=${region}`]),
      ...(awsService === undefined ? [] : [`aws-service=${awsService}`]),
    ],
    secrets: { 'secret-access-key': 'secretAccessKey', 'session-token': 'sessionToken' },
  },
  'oauth1a-twitter': {
    kind: 'oauth1',
    settings: (_, field) => [`consumer-key=${field('consumerKey')}`, `access-token=${field('accessToken')}`],
    secrets: { 'consumer-secret': 'consumerSecret', 'access-token-secret': 'accessTokenSecret' },
  },
  'github-app': {
    kind: 'github-app',
    settings: ({ appId, installationId }) => [
      `app-id=${appId ?? ''}`,
      `installation-id=${installationId ?? ''}`,
    ],
    secrets: { 'private-key': 'privateKey' },
  },
  'service-account': {
    kind: 'google-service-account',
    settings: ({ scopes }) => [`scope=${(scopes ?? []).join(' ')}`],
    secrets: { 'service-account': 'credentials' },
  },
}

/**
 * Schemes and secrets of a service whose calls Janee signed, or whose tokens it had made.
 *
 * @returns null for a kind there is not; `cannot` where something is missing.
 */
export function signingOf(
  auth: JaneeAuth,
  { fields }: JaneeSecrets,
  make: MakeSchemes,
): { schemes: PathAuth[]; secrets: Map<string, string> } | { cannot: string } | null {
  const kind = Object.hasOwn(KINDS, auth.type) ? KINDS[auth.type] : undefined
  if (kind === undefined) return null
  const given = Object.entries(kind.secrets).flatMap(([name, field]) => {
    const text = fields.get(field)
    return text === undefined ? [] : [[name, text] as const]
  })
  try {
    const schemes = make(
      [kind.kind],
      kind.settings(auth, (name) => fields.get(name) ?? ''),
    )
    return { schemes, secrets: new Map(given) }
  } catch (error) {
    // SECURITY: what is said of a wrong setting may quote it.
    if (error instanceof Error && error.name === 'UsageError')
      return { cannot: `something of its \`${auth.type}\` is missing` }
    throw error
  }
}
