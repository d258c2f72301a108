import type { Preset } from '../../shared/model/preset.ts'
import type { Auth, PathAuth, Service } from '../../shared/model/service.ts'
import { PRESETS } from '../../shared/presets/catalogue.ts'
import { serviceOrigin } from '../../shared/presets/preset-origin.ts'
import { serviceFromPreset } from '../../shared/presets/preset-to-service.ts'
import type { ImportedService } from './import-plan.ts'
import type { JaneeService } from './janee-file.ts'
import type { JaneeSecrets } from './janee-secrets.ts'
import { type MakeSchemes, signingOf } from './janee-signing.ts'
import { misplacedTokens } from './janee-unlike.ts'

/** How a service is described that no preset knows: the command's own `service add`. */
export type Describe = (
  id: string,
  auth: PathAuth[],
  where: { baseUrl: string[]; local?: boolean },
) => Service

/** Headers of Janee's list that are no secrets: sent where the page sends none. */
const PLAIN_HEADER = /^(?:accept|user-agent|.*-version)$/
/** Headers that every call brings itself. */
const OWN_HEADER = /^content-type$/

/** A credential in our terms, or why there is none. */
type Translated =
  | {
      readonly auth: Auth
      readonly secrets: Map<string, string>
      readonly requiredHeaders: Record<string, string>
    }
  | { readonly cannot: string }

/** A service of Janee as one of ours, or the reason why not. @throws TypeError never; what is invalid is the caller's to check. */
export function translateService(
  id: string,
  { baseUrl, auth }: JaneeService,
  found: JaneeSecrets,
  describe: Describe,
  make: MakeSchemes,
): ImportedService | { cannot: string } {
  const url = URL.parse(baseUrl)
  if (url === null || !/^https?:$/.test(url.protocol)) return { cannot: 'its base URL is not a web address' }
  if (url.username !== '' || url.search !== '' || url.hash !== '')
    return { cannot: 'its base URL has more than a path' }
  if (found.unreadable.length > 0)
    return {
      cannot: `its \`${found.unreadable.join('`, `')}\` cannot be decrypted with the key of the credentials file`,
    }
  const misplaced = misplacedTokens(auth, url)
  if (misplaced !== null) return { cannot: misplaced }
  const signing = signingOf(auth, found, make)
  if (signing !== null && 'cannot' in signing) return signing
  if (signing !== null) {
    const service = describe(id, signing.schemes, whereOf(url))
    return { service, secrets: encoded(signing.secrets) }
  }
  const translated = translateAuth(auth.type, found)
  if ('cannot' in translated) return translated
  const service = serviceFor(id, url, translated, describe)
  return { service, secrets: encoded(translated.secrets) }
}

function encoded(secrets: ReadonlyMap<string, string>): Map<string, Uint8Array> {
  return new Map([...secrets].map(([name, text]) => [name, new TextEncoder().encode(text)]))
}

function whereOf(url: URL): { baseUrl: string[]; local?: boolean } {
  const baseUrl = [url.href.replace(/\/+$/, '')]
  const isLocal = url.protocol === 'http:' || /^(?:localhost|127\.|\[::1\])/.test(url.host)
  return isLocal ? { baseUrl, local: true } : { baseUrl }
}

function translateAuth(type: string, { fields, headers }: JaneeSecrets): Translated {
  if (type === 'headers') return fromHeaders(headers)
  if (type !== 'bearer')
    return {
      cannot: `its kind of credential, \`${type}\`, is not taken from here: add it with \`valetkey service add\``,
    }
  const key = fields.get('key')
  if (key === undefined) return { cannot: 'its key is not in the file' }
  const pair = /^basic\s+(\S+)$/i.exec(key)
  if (pair !== null) return fromBasic(pair[1] ?? '')
  return {
    auth: { kind: 'bearer', secret: 'token' },
    secrets: new Map([['token', key]]),
    requiredHeaders: {},
  }
}

/** Janee keeps user name and password as the key `Basic …` of a bearer, and sends `Bearer Basic …`. */
function fromBasic(encoded: string): Translated {
  const [, username = '', password] =
    /^([^:]*):(.+)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? []
  if (password === undefined)
    return { cannot: 'its key begins with `Basic` and holds no user name and password' }
  return {
    auth: { kind: 'basic', username, secret: 'password' },
    secrets: new Map([['password', password]]),
    requiredHeaders: {},
  }
}

function fromHeaders(headers: ReadonlyMap<string, string>): Translated {
  const named = [...headers].map(([name, value]) => [name.toLowerCase(), value] as const)
  const plain = named.filter(([name]) => PLAIN_HEADER.test(name))
  const secret = named.filter(([name]) => !PLAIN_HEADER.test(name) && !OWN_HEADER.test(name))
  if (secret.length === 0) return { cannot: 'no header with a credential is in the file' }
  const nameOf = (index: number) => (index === 0 ? 'value' : `value.${index + 1}`)
  return {
    auth: {
      kind: 'header',
      headers: secret.map(([name], index) => ({ name, format: '{}', secret: nameOf(index) })),
    },
    secrets: new Map(secret.map(([, value], index) => [nameOf(index), value])),
    requiredHeaders: Object.fromEntries(plain),
  }
}

/** With what the catalogue knows of it, where the address and the way to give the key are those of a preset. */
function serviceFor(
  id: string,
  url: URL,
  { auth, requiredHeaders }: Extract<Translated, { auth: Auth }>,
  describe: Describe,
): Service {
  const address = url.href.replace(/\/+$/, '')
  const whole: PathAuth[] = [{ paths: ['* /**'], auth }]
  const preset = PRESETS.find(
    (each) =>
      (each.values ?? []).length === 0 &&
      each.baseUrls.some((own) => URL.parse(own)?.origin === url.origin) &&
      each.auth.length === 1 &&
      JSON.stringify(each.auth[0]?.auth) === JSON.stringify(auth),
  )
  const base =
    preset === undefined ? describe(id, whole, whereOf(url)) : madeBy(preset, { id, baseUrls: [address] })
  return { ...base, requiredHeaders: { ...base.requiredHeaders, ...requiredHeaders } }
}

function madeBy(preset: Preset, choices: { id: string; baseUrls: string[] }): Service {
  const service = serviceFromPreset(preset, choices)
  return { ...service, from: serviceOrigin(preset, service, { baseUrls: true, auth: false, values: {} }) }
}
