import { createHash, randomBytes } from 'node:crypto'
import { inspect } from 'node:util'
import * as z from 'zod/mini'
import { type Reference, ReferenceSchema } from '../../shared/model/reference.ts'
import { Refusal } from '../refusal.ts'

const NONCE_BYTES = 32
const PackedSchema = z.strictObject({
  nonce: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  reference: ReferenceSchema,
})

/**
 * A reference as the vault keeps it, with a random number that nobody can guess: so the digest of both, which the registry
 * keeps in clear, shows nothing of the reference.
 */
export class PackedReference {
  readonly reference: Reference
  readonly #nonce: string

  private constructor(reference: Reference, nonce: string) {
    this.reference = reference
    this.#nonce = nonce
  }

  /** Pack a reference for the first time. */
  static fresh(reference: Reference): PackedReference {
    return new PackedReference(reference, randomBytes(NONCE_BYTES).toString('hex'))
  }

  /** What `bytes` gave. @throws Refusal `store-damaged` for anything else. */
  static unpack(bytes: Uint8Array): PackedReference {
    const parsed = PackedSchema.safeParse(jsonOf(bytes))
    if (!parsed.success) throw new Refusal('store-damaged', 'the vault is damaged: a reference does not fit')
    return new PackedReference(parsed.data.reference, parsed.data.nonce)
  }

  /** To be sealed. */
  bytes(): Uint8Array {
    return Buffer.from(JSON.stringify({ nonce: this.#nonce, reference: this.reference }), 'utf8')
  }

  /** What stands for it where it must not be read: SHA-256 of number and reference, hex. */
  commitment(): string {
    return createHash('sha256').update('reference\0').update(this.bytes()).digest('hex')
  }

  // SECURITY: a reference may itself be sensitive; these keep it out of messages and JSON when a developer slips.
  toJSON(): string {
    return '[reference]'
  }

  [inspect.custom](): string {
    return '[reference]'
  }
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch {
    return undefined
  }
}
