import type { Auth } from '../../shared/model/service.ts'
import { UsageError } from './usage-error.ts'

/** Names a `--set` may have for `hmac`. */
export const HMAC_NAMES =
  /^(?:key-id|algorithm|encoding|secret-encoding|timestamp|message|(?:signature|timestamp|key|passphrase)-(?:header|param)|(?:header|format)(?:\.\d{1,2})?)$/

type Settings = ReadonlyMap<string, string>
type Place = { name: string; value: string }

/**
 * The `hmac` scheme that settings make. `signature-header=X` and its like are headers or parameters that hold that alone;
 * `header=X` with `format=TEMPLATE` is a header of any other form, such as `HMAC {key-id}:{signature}` or a fixed text.
 *
 * @throws UsageError.
 */
export function hmacFrom(settings: Settings): Auth {
  return {
    kind: 'hmac',
    keyId: settings.get('key-id') ?? '',
    algorithm: oneOf(settings, 'algorithm', ['sha256', 'sha1', 'sha384', 'sha512']),
    encoding: oneOf(settings, 'encoding', ['hex', 'base64', 'base64url']),
    secretEncoding: oneOf(settings, 'secret-encoding', ['text', 'base64', 'hex']),
    timestamp: oneOf(settings, 'timestamp', ['ms', 's', 'iso']),
    message: settings.get('message') ?? '{timestamp}{method}{path}{query}{body}',
    headers: [...placesOf(settings, 'header'), ...written(settings)],
    query: placesOf(settings, 'param'),
    secret: 'secret',
    passphrase: 'passphrase',
  }
}

/** The value of a setting; the first of those it may have where it is not given. */
function oneOf<const T extends string>(settings: Settings, name: string, values: readonly [T, ...T[]]): T {
  const said = settings.get(name)
  if (said === undefined) return values[0]
  const found = values.find((value) => value === said)
  if (found === undefined) throw new UsageError(`\`${name}\` is one of ${values.join(', ')}`)
  return found
}

function placesOf(settings: Settings, kind: 'header' | 'param'): Place[] {
  const fields = {
    key: '{key-id}',
    timestamp: '{timestamp}',
    passphrase: '{passphrase}',
    signature: '{signature}',
  }
  return Object.entries(fields).flatMap(([what, value]) => {
    const name = settings.get(`${what}-${kind}`)
    return name === undefined ? [] : [{ name: kind === 'header' ? name.toLowerCase() : name, value }]
  })
}

function written(settings: Settings): Place[] {
  const suffixes = [...settings.keys()].flatMap(
    (name) => /^(?:header|format)(\.\d+)?$/.exec(name)?.slice(1) ?? [],
  )
  return [...new Set(suffixes.map((suffix) => suffix ?? ''))].map((suffix) => {
    const [name, value] = [settings.get(`header${suffix}`), settings.get(`format${suffix}`)]
    if (name === undefined || value === undefined)
      throw new UsageError(`\`--set header${suffix}=…\` and \`--set format${suffix}=…\` go together`)
    return { name: name.toLowerCase(), value }
  })
}
