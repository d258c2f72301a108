import { createSecretKey, type KeyObject } from 'node:crypto'
import { Refusal } from '../refusal.ts'
import { decryptGcm, KEY_BYTES, NONCE_BYTES, TAG_BYTES } from '../vault/ciphers.ts'
import type { JaneeAuth, JaneeConfig, JaneeCredentials } from './janee-file.ts'

/** Members of an `auth` that Janee takes for secrets. */
const SECRET_FIELDS = [
  'key',
  'apiKey',
  'apiSecret',
  'passphrase',
  'credentials',
  'privateKey',
  'consumerKey',
  'consumerSecret',
  'accessToken',
  'accessTokenSecret',
  'accessKeyId',
  'secretAccessKey',
  'sessionToken',
] as const
export type SecretField = (typeof SECRET_FIELDS)[number]

/** The secrets of one service of Janee, in clear. */
export interface JaneeSecrets {
  readonly fields: ReadonlyMap<SecretField, string>
  readonly headers: ReadonlyMap<string, string>
  /** Names of what stood there and could not be decrypted. */
  readonly unreadable: readonly string[]
  /** True where one of them stood in clear in the configuration. */
  readonly wereInClear: boolean
}

/** Opens secrets with Janee's key: base64 of nonce, tag and ciphertext, AES-256-GCM. Null where one is not that. */
type Decrypt = (text: string) => string | null

/**
 * The secrets of each service, from the credentials file or, in old configurations, from between the rest.
 *
 * @throws Refusal `invalid` where the key is none.
 */
export function janeeSecrets(
  config: JaneeConfig,
  credentials: JaneeCredentials | null,
): (service: string, auth: JaneeAuth) => JaneeSecrets {
  const master = credentials?.masterKey ?? config.masterKey
  const decrypt: Decrypt = master === null ? () => null : decrypterOf(master)
  // In an old configuration what stands among the rest is encrypted; in a new one the owner pasted it there.
  const isOld = credentials === null && config.masterKey !== null
  return (service, auth) => {
    const stored = own(credentials?.secrets, service) ?? {}
    return read(stored, auth, decrypt, isOld)
  }
}

function read(
  stored: Record<string, string | Record<string, string>>,
  auth: JaneeAuth,
  decrypt: Decrypt,
  isOld: boolean,
): JaneeSecrets {
  const fields = new Map<SecretField, string>()
  const headers = new Map<string, string>()
  const unreadable: string[] = []
  let wereInClear = false
  const take = (name: string, encrypted: unknown, inline: unknown, put: (text: string) => void) => {
    const sealed =
      typeof encrypted === 'string' ? encrypted : isOld && typeof inline === 'string' ? inline : null
    if (sealed === null && typeof inline !== 'string') return
    const text = sealed === null ? String(inline) : decrypt(sealed)
    if (sealed === null) wereInClear = true
    if (text === null) unreadable.push(name)
    else put(text)
  }
  for (const name of SECRET_FIELDS)
    take(name, own(stored, name), own(auth, name), (text) => fields.set(name, text))
  const sealed = stored.headers
  const names = new Set([
    ...(typeof sealed === 'object' ? Object.keys(sealed) : []),
    ...Object.keys(auth.headers ?? {}),
  ])
  for (const name of names) {
    const encrypted = typeof sealed === 'object' ? own(sealed, name) : undefined
    take(name, encrypted, own(auth.headers, name), (text) => headers.set(name, text))
  }
  return { fields, headers, unreadable, wereInClear }
}

function own<T>(members: Record<string, T> | undefined, name: string): T | undefined {
  return members !== undefined && Object.hasOwn(members, name) ? members[name] : undefined
}

function decrypterOf(masterKey: string): Decrypt {
  const bytes = Buffer.from(masterKey, 'base64')
  if (bytes.length !== KEY_BYTES)
    throw new Refusal('invalid', 'the key in the credentials of Janee is none: it has not 32 bytes')
  const key = createSecretKey(bytes)
  return (text) => decryptOne(key, Buffer.from(text, 'base64'))
}

function decryptOne(key: KeyObject, bytes: Buffer): string | null {
  if (bytes.length < NONCE_BYTES + TAG_BYTES) return null
  const nonce = bytes.subarray(0, NONCE_BYTES)
  const tag = bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES)
  const sealed = Buffer.concat([bytes.subarray(NONCE_BYTES + TAG_BYTES), tag])
  const plain = decryptGcm(key, nonce, new Uint8Array(0), sealed)
  return plain === null ? null : Buffer.from(plain).toString('utf8')
}
