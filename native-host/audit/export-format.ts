import { createHash } from 'node:crypto'
import * as z from 'zod/mini'

/** Name and version of the format; shared/protocol/audit-export.md describes it for whoever writes a reader. */
export const EXPORT_FORMAT = 'valetkey-audit/1'

const Hex32 = z.string().check(z.regex(/^[0-9a-f]{64}$/))

/** First line: whose export it is. */
export const ExportTopSchema = z.strictObject({
  kind: z.literal('export'),
  format: z.literal(EXPORT_FORMAT),
  /** Ed25519 public key of the vault. */
  publicKey: Hex32,
})

/** Every line between the first and the last begins with these members; the record's own follow. */
export const ExportedSchema = z.looseObject({ sequence: z.int(), previous: Hex32 })

/** Last line: how many records there are, signed. */
export const ExportEndSchema = z.strictObject({
  kind: z.literal('head'),
  sequence: z.int(),
  previous: Hex32,
  signature: z.string().check(z.regex(/^[0-9a-f]{128}$/)),
})

/** The link from a line to the one before: SHA-256 of that line's bytes without its line end, in hex. */
export function linkTo(line: string): string {
  return createHash('sha256').update(line, 'utf8').digest('hex')
}

/** What the last line's signature is over. */
export function signedText(sequence: number, previous: string): Uint8Array {
  return new TextEncoder().encode(`${EXPORT_FORMAT} head\n${sequence}\n${previous}\n`)
}
