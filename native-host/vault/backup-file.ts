import { randomBytes } from 'node:crypto'
import * as z from 'zod/mini'
import { Refusal } from '../refusal.ts'
import { openWith, sealWith, subkey } from './envelope.ts'
import { checkPassphrase } from './slot-kinds.ts'
import { STRETCH, type Stretch, StretchSchema, stretch } from './stretch.ts'

/** The first member of every backup's first line: what it is recognised by. */
const FORMAT = 'valetkey-backup'
/** Version of the format this program writes, and the newest it reads. */
const VERSION = 1
/** Longest first line, bytes: what is longer is not read as one. */
const MOST_HEAD = 1024
/** Bytes of an empty text sealed: version, nonce, tag. */
const CHECK_BYTES = 1 + 12 + 16
/** Largest backup that is read, bytes: thousands of services with certificates. */
export const MAX_BACKUP = 64 * 1024 * 1024

const HeadSchema = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  argon2id: StretchSchema,
  salt: z.string().check(z.regex(/^[A-Za-z0-9+/]{22}==$/)),
  /** Length of what follows the first line: a file that was cut is told from one that was changed. */
  bytes: z.int().check(z.gte(2 * CHECK_BYTES), z.lte(MAX_BACKUP)),
})
type Head = z.infer<typeof HeadSchema>

/** True for a file that says of itself that it is a backup, of whatever version. */
export function isBackup(file: Uint8Array): boolean {
  const start = `{"format":"${FORMAT}",`
  return (
    Buffer.from(file.buffer, file.byteOffset, Math.min(file.length, start.length)).toString('latin1') ===
    start
  )
}

/**
 * Seal bytes under a passphrase of their own: the format of `shared/protocol/backup.md`.
 *
 * @param how for tests only: a weaker stretching within the floor. @throws Refusal `weak-passphrase`.
 */
export async function sealBackup(
  passphrase: string,
  plain: Uint8Array,
  how: Stretch = STRETCH,
): Promise<Uint8Array> {
  checkPassphrase(passphrase)
  const salt = randomBytes(16)
  const head: Head = {
    format: FORMAT,
    version: VERSION,
    argon2id: how,
    salt: salt.toString('base64'),
    bytes: 2 * CHECK_BYTES + plain.length,
  }
  const line = JSON.stringify(head)
  const { check, body } = await keysOf(passphrase, head)
  // SECURITY: the whole first line is bound to both, so that no figure in it can be exchanged.
  return Buffer.concat([
    Buffer.from(`${line}\n`),
    sealWith(check, line, new Uint8Array(0)),
    sealWith(body, line, plain),
  ])
}

/**
 * Open what `sealBackup` made.
 *
 * @throws Refusal `invalid` where it is no backup, was cut or was changed; `store-newer` where a newer version made it;
 *   `wrong-passphrase`.
 */
export async function openBackup(file: Uint8Array, passphrase: string): Promise<Uint8Array> {
  const end = file.subarray(0, MOST_HEAD).indexOf(0x0a)
  if (!isBackup(file) || end === -1) throw new Refusal('invalid', 'this is not a backup of a vault')
  const line = Buffer.from(file.subarray(0, end)).toString('latin1')
  const head = readHead(line)
  const rest = file.subarray(end + 1)
  if (rest.length < head.bytes) throw new Refusal('invalid', 'the backup was cut: its end is missing')
  if (rest.length > head.bytes)
    throw new Refusal('invalid', 'the backup was changed: something follows its end')
  const { check, body } = await keysOf(passphrase, head)
  if (openWith(check, line, rest.subarray(0, CHECK_BYTES)) === null)
    throw new Refusal(
      'wrong-passphrase',
      'that does not open the backup: it has another passphrase, or its start was changed',
    )
  const plain = openWith(body, line, rest.subarray(CHECK_BYTES))
  if (plain === null)
    throw new Refusal('invalid', 'the backup was changed: the passphrase is right, its content is not')
  return plain
}

function readHead(line: string): Head {
  const written = jsonOrNull(line)
  if (z.object({ version: z.int().check(z.gt(VERSION)) }).safeParse(written).success)
    throw new Refusal('store-newer', 'a newer version of this program made the backup')
  const head = HeadSchema.safeParse(written)
  if (!head.success) throw new Refusal('invalid', 'the backup was changed: its start cannot be read')
  return head.data
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

async function keysOf(passphrase: string, { salt, argon2id }: Head) {
  const saltBytes = Buffer.from(salt, 'base64')
  const secret = await stretch(passphrase, saltBytes, argon2id)
  const check = subkey(secret, saltBytes, 'backup-check')
  const body = subkey(secret, saltBytes, 'backup')
  secret.fill(0)
  return { check, body }
}
