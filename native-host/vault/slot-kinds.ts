import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import * as z from 'zod/mini'
import { say } from '../../shared/model/said.ts'
import { Refusal } from '../refusal.ts'
import { newPrivateFile, readPrivateFile } from '../store/private-files.ts'
import { keychainGet, keychainSet } from './keychain.ts'
import { parseRecoveryCode } from './recovery-code.ts'
import { STRETCH, StretchSchema, stretch } from './stretch.ts'

/** A slot to be made. `path` of a key file: made with random bytes where there is none. */
export type NewSlot =
  | { kind: 'passphrase'; passphrase: string }
  | { kind: 'key-file'; path: string }
  | { kind: 'keychain' }

/** What somebody brings to open the vault. `path` absent: where the slot says the key file is. */
export type Opener =
  | { kind: 'passphrase' | 'recovery'; text: string }
  | { kind: 'key-file'; path?: string }
  | { kind: 'keychain' }

const Base64Schema = z.string().check(z.regex(/^[A-Za-z0-9+/]{22,44}={0,2}$/))

/**
 * What a slot says of itself, in clear because it is read while the vault is locked: the path of the key file and the
 * name of the keychain's entry among it.
 */
export const SlotParametersSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('passphrase'), salt: Base64Schema, argon2id: StretchSchema }),
  z.object({ kind: z.literal('key-file'), salt: Base64Schema, path: z.string() }),
  z.object({ kind: z.literal('keychain'), salt: Base64Schema, account: z.uuid() }),
  z.object({ kind: z.literal('recovery'), salt: Base64Schema }),
])
export type SlotParameters = z.infer<typeof SlotParametersSchema>

/** Characters. Length is what makes a passphrase strong; the rest is Argon2id's work. */
const MIN_PASSPHRASE = 8

/** Refuse a new passphrase that is too short. @throws Refusal `weak-passphrase`. */
export function checkPassphrase(passphrase: string): void {
  if ([...passphrase.normalize('NFC')].length < MIN_PASSPHRASE)
    throw new Refusal('weak-passphrase', say`a passphrase has at least ${MIN_PASSPHRASE} characters`)
}

/** A key file has 32 to 4096 bytes; new ones 32. */
const KEY_FILE_BYTES = 32
const MAX_KEY_FILE_BYTES = 4096

/** Parameters of a new slot and the secret behind it, made or asked for. @throws Refusal `weak-passphrase`, `invalid`. */
export async function newSlotSecret(
  id: string,
  slot: NewSlot,
): Promise<{ parameters: SlotParameters; secret: Uint8Array }> {
  const salt = randomBytes(16)
  const common = { salt: salt.toString('base64') }
  switch (slot.kind) {
    case 'passphrase': {
      checkPassphrase(slot.passphrase)
      const secret = await stretch(slot.passphrase, salt, STRETCH)
      return { parameters: { kind: 'passphrase', ...common, argon2id: STRETCH }, secret }
    }
    case 'key-file': {
      const path = resolve(slot.path)
      return {
        parameters: { kind: 'key-file', ...common, path },
        secret: readKeyFile(path) ?? newKeyFile(path),
      }
    }
    case 'keychain': {
      const secret = randomBytes(KEY_FILE_BYTES)
      await keychainSet(id, secret)
      return { parameters: { kind: 'keychain', ...common, account: id }, secret }
    }
  }
}

/** The secret that an opener gives for a slot; null where it gives none. @throws Refusal `invalid` (key file, keychain). */
export async function slotSecret(parameters: SlotParameters, opener: Opener): Promise<Uint8Array | null> {
  if (parameters.kind === 'passphrase' && opener.kind === 'passphrase')
    return stretch(opener.text, Buffer.from(parameters.salt, 'base64'), parameters.argon2id)
  if (parameters.kind === 'recovery' && opener.kind === 'recovery') return parseRecoveryCode(opener.text)
  if (parameters.kind === 'key-file' && opener.kind === 'key-file')
    return readKeyFile(resolve(opener.path ?? parameters.path))
  if (parameters.kind === 'keychain' && opener.kind === 'keychain') return keychainGet(parameters.account)
  return null
}

function readKeyFile(path: string): Uint8Array | null {
  try {
    const bytes = readPrivateFile(path, MAX_KEY_FILE_BYTES)
    if (bytes === null || bytes.length >= KEY_FILE_BYTES) return bytes
  } catch (error) {
    if (error instanceof Refusal) throw error
    throw new Refusal('invalid', say`the key file \`${path}\` cannot be read`, { cause: error })
  }
  throw new Refusal('invalid', say`\`${path}\` is not a key file: it has fewer than ${KEY_FILE_BYTES} bytes`)
}

function newKeyFile(path: string): Uint8Array {
  const bytes = randomBytes(KEY_FILE_BYTES)
  try {
    newPrivateFile(path, bytes)
  } catch (error) {
    throw new Refusal('invalid', say`the key file \`${path}\` cannot be made`, { cause: error })
  }
  return bytes
}
