import { argon2 } from 'node:crypto'
import * as z from 'zod/mini'
import { Refusal } from '../refusal.ts'

/**
 * Parameters of Argon2id (RFC 9106) as a slot keeps them; memory in KiB. The floor is RFC 9106's second choice with one
 * pass less; the cap keeps a file from outside from taking the machine's memory or an hour.
 */
export const StretchSchema = z.object({
  memory: z.int().check(z.gte(64 * 1024), z.lte(1024 * 1024)),
  passes: z.int().check(z.gte(2), z.lte(10)),
  parallelism: z.int().check(z.gte(1), z.lte(8)),
})
export type Stretch = z.infer<typeof StretchSchema>

/** For new slots: 256 MiB, three passes, four lanes; about half a second. */
export const STRETCH: Stretch = { memory: 256 * 1024, passes: 3, parallelism: 4 }

/**
 * Stretch a passphrase to 32 bytes, off the event loop.
 *
 * @param passphrase NFC is applied, so that the same keys pressed give the same bytes on every system.
 */
export function stretch(
  passphrase: string,
  salt: Uint8Array,
  { memory, passes, parallelism }: Stretch,
): Promise<Uint8Array> {
  const message = Buffer.from(passphrase.normalize('NFC'), 'utf8')
  return new Promise((resolve, reject) => {
    argon2('argon2id', { message, nonce: salt, memory, passes, parallelism, tagLength: 32 }, (error, key) => {
      message.fill(0)
      if (error === null) resolve(key)
      else
        reject(
          new Refusal('internal', 'the passphrase could not be stretched: there may be too little memory', {
            cause: error,
          }),
        )
    })
  })
}
