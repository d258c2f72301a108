/** Each kind of auth: its secrets, the main one first, and its settings. What is in brackets may be left out. */
const SCHEMES: readonly (readonly [kind: string, secrets: string, settings: string])[] = [
  ['bearer', 'token', ''],
  ['header', 'value', 'header=x-api-key [format=Token {}]; again as header.2, format.2 with secret value.2'],
  ['basic', 'password', 'username=…'],
  ['query', 'value', 'param=key'],
  ['path', 'value', 'template=/bot{}: stands between the base URL and the path'],
  ['cookie', 'value', 'cookie=NAME'],
  ['json-field', 'value', 'pointer=/key'],
  ['form-field', 'value', 'field=key'],
  [
    'sigv4',
    'secret-access-key [session-token]',
    'access-key-id=… [region=us-east-1] [aws-service=s3] [style=header|query]',
  ],
  [
    'hmac',
    'secret [passphrase]',
    [
      '[key-id=…] [algorithm=sha256|sha1|sha384|sha512] [encoding=hex|base64|base64url] [secret-encoding=text|base64|hex]',
      '[timestamp=ms|s|iso] [message={timestamp}{method}{path}{query}{body}], which may also hold {?query} (with its',
      'question mark), {query-decoded}, {body-sha256}, {body-sha512}, {host}, {key-id} and {newline};',
      'signature-header=… or signature-param=…, in the same',
      'way timestamp-, key- and passphrase-; header=NAME format=TEMPLATE for one of any other form',
    ].join(' '),
  ],
  [
    'oauth1',
    'consumer-secret [access-token-secret]',
    'consumer-key=… [access-token=…] [algorithm=HMAC-SHA1|HMAC-SHA256]',
  ],
  [
    'oauth2-client-credentials',
    'client-secret',
    'client-id=… token-url=https://… [scope=…] [audience=…] [client-auth=basic|post]',
  ],
  [
    'oauth2-refresh',
    'refresh-token [client-secret]',
    [
      'client-id=… token-url=https://… [scope=…] [client-auth=basic|post]; with authorization-url=https://… [issuer=…]',
      '`service authorize` gets the refresh token',
    ].join(' '),
  ],
  [
    'jwt-bearer',
    'private-key',
    'issuer=… audience=… token-url=https://… [subject=…] [scope=…] [algorithm=RS256] [key-id=…]',
  ],
  ['github-app', 'private-key', 'app-id=… installation-id=…'],
  ['google-service-account', 'service-account (its JSON file)', 'scope=… [subject=…]'],
  ['mtls', 'pkcs12 [passphrase], or certificate and private-key [passphrase]', ''],
  ['none', '', ''],
]

const WIDTH = 100

/** What `service add --help` says of the kinds of auth. */
export function schemeHelp(): string {
  const lines = SCHEMES.flatMap(([kind, secrets, settings]) => [
    `  ${kind}: ${secrets === '' ? 'no secret' : `secret ${secrets}`}`,
    ...wrapped(settings).map((line) => `      ${line}`),
  ])
  return [
    '',
    'Kinds of auth, their secrets (the main one first) and what `--set` says of them:',
    ...lines,
    '',
    '`--set secret-name` gives the main secret of any of them another name: with `path=`, one key for some paths and another for',
    'others. `--secret-stdin` is stored under every main name that no `--secret-file NAME=PATH` gives.',
  ].join('\n')
}

function wrapped(text: string): string[] {
  const lines: string[] = []
  for (const word of text.split(' ').filter((each) => each !== '')) {
    const last = lines.at(-1)
    if (last === undefined || last.length + word.length >= WIDTH) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines
}
