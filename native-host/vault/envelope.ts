import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto'
import { Refusal } from '../refusal.ts'
import { decryptGcm, encryptGcm, hkdf, KEY_BYTES, NONCE_BYTES, TAG_BYTES } from './ciphers.ts'
import type { Digester, VaultKeys } from './keys.ts'
import { quickHmac } from './quick-hmac.ts'

/** First byte of every sealed value: names the algorithms below. */
const ENVELOPE_VERSION = 1

/** One key per purpose from one secret (HKDF-SHA-256, RFC 5869). */
export function subkey(secret: Uint8Array, salt: Uint8Array, purpose: string): KeyObject {
  return createSecretKey(hkdf(secret, salt, `valetkey/1/${purpose}`, KEY_BYTES))
}

/** What is authenticated beside the text: the version and the place. */
function associated(place: string): Uint8Array {
  return Buffer.concat([Uint8Array.of(ENVELOPE_VERSION), Buffer.from(place)])
}

/**
 * Seal bytes for one place under a key. Random nonces: one key may seal 2^32 values before a repeat becomes likelier
 * than 2^-32 (SP 800-38D section 8.3), which is more than a century of calls.
 *
 * @param nonce for test vectors only.
 * @returns version ‖ nonce ‖ ciphertext ‖ tag.
 */
export function sealWith(
  key: KeyObject,
  place: string,
  plain: Uint8Array,
  nonce: Uint8Array = randomBytes(NONCE_BYTES),
): Uint8Array {
  const text = encryptGcm(key, nonce, associated(place), plain)
  return Buffer.concat([Uint8Array.of(ENVELOPE_VERSION), nonce, text])
}

/** Open what `sealWith` made for the same place under the same key; null for anything else. */
export function openWith(key: KeyObject, place: string, sealed: Uint8Array): Uint8Array | null {
  if (sealed.length < 1 + NONCE_BYTES + TAG_BYTES || sealed[0] !== ENVELOPE_VERSION) return null
  const nonce = sealed.subarray(1, 1 + NONCE_BYTES)
  return decryptGcm(key, nonce, associated(place), sealed.subarray(1 + NONCE_BYTES))
}

/** HMAC-SHA-256 (RFC 2104). */
function hmac(key: KeyObject, ...parts: (string | Uint8Array)[]): Uint8Array {
  const mac = createHmac('sha256', key)
  for (const part of parts) mac.update(part)
  return mac.digest()
}

/** Indexes of one vault that are remembered: each call asks for the same few. */
const MOST_INDEXES = 1024

/** @param make gives the same bytes for the same names, which nobody changes. */
function remembered(make: VaultKeys['index']): VaultKeys['index'] {
  const known = new Map<string, Uint8Array>()
  return (kind, name) => {
    const key = `${kind}\0${name}`
    const index = known.get(key) ?? make(kind, name)
    if (known.size >= MOST_INDEXES) known.clear()
    known.set(key, index)
    return index
  }
}

/** What comes before the 32 bytes of an Ed25519 seed in its PKCS #8 form (RFC 8410 section 7). */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex')

/** The Ed25519 key of a seed (RFC 8032 section 5.1.5). */
function signingKey(seed: KeyObject): KeyObject {
  const key = Buffer.concat([PKCS8_ED25519, seed.export()])
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' })
}

/** The last 32 bytes of the SubjectPublicKeyInfo (RFC 8410 section 4) are the key itself. */
function rawPublicKey(key: KeyObject): Uint8Array {
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-KEY_BYTES)
}

function digester(key: KeyObject): Digester {
  const mac = createHmac('sha256', key)
  return {
    update(bytes) {
      mac.update(bytes)
    },
    hex: () => mac.digest('hex'),
  }
}

/**
 * The keys of an unlocked vault, each derived from its data key for one purpose.
 *
 * @param dataKey 32 random bytes. Copied: the caller may wipe its own.
 */
export function createKeys(dataKey: Uint8Array): VaultKeys {
  if (dataKey.length !== KEY_BYTES) throw new RangeError('a data key has 32 bytes')
  const root = createSecretKey(dataKey)
  const none = new Uint8Array(0)
  const seal = subkey(dataKey, none, 'seal')
  const index = subkey(dataKey, none, 'index')
  const chain = subkey(dataKey, none, 'chain')
  let chainText: VaultKeys['chainText'] | undefined
  const digest = subkey(dataKey, none, 'digest')
  const signing = signingKey(subkey(dataKey, none, 'audit-signing'))
  return {
    seal: (place, plain) => sealWith(seal, place, plain),
    open(place, sealed) {
      const plain = openWith(seal, place, sealed)
      if (plain === null)
        throw new Refusal('store-damaged', 'the vault is damaged: a record cannot be opened')
      return plain
    },
    index: remembered((kind, name) => hmac(index, kind, '\0', name)),
    chain: (message) => hmac(chain, message),
    chainText(message) {
      chainText ??= quickHmac(chain)
      return chainText(message)
    },
    digest: () => digester(digest),
    sign: (message) => sign(null, message, signing),
    publicKey: () => rawPublicKey(signing),
    exportKey: () => root.export(),
  }
}
