import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import type * as z from 'zod/mini'
import { ExportEndSchema, ExportedSchema, ExportTopSchema, linkTo, signedText } from './export-format.ts'

/**
 * `format`: not an export, or a line that is none of it. `order`, `missing`: lines stand elsewhere or were taken out.
 * `changed`: a line is another than was signed. `cut`: the signed last line is not there. `signature`: it was not made
 * with the key. `other-vault`: signed by another vault than the one asked about.
 */
export type ExportFault = 'format' | 'order' | 'missing' | 'changed' | 'cut' | 'signature' | 'other-vault'

/** `records`: whole ones before the fault. `firstBad`: the line of the fault, counted from 1. `publicKey` in hex. */
export type ExportVerdict =
  | { ok: true; records: number; publicKey: string }
  | { ok: false; records: number; firstBad: number; reason: ExportFault }

/**
 * Check an exported log with nothing but itself and, where the caller has it, the vault's public key: without that it
 * shows only that whoever holds the key in its first line has signed it.
 *
 * @param text of the whole file. @param publicKey 32 bytes in lower-case hex.
 */
export function verifyExport(text: string, publicKey?: string): ExportVerdict {
  const lines = text.split('\n')
  const bad = (firstBad: number, reason: ExportFault): ExportVerdict => {
    return { ok: false, records: Math.max(0, firstBad - 2), firstBad, reason }
  }
  const top = parsed(ExportTopSchema, lines[0] ?? '')
  if (top === null) return bad(1, 'format')
  if (publicKey !== undefined && publicKey !== top.publicKey) return bad(1, 'other-vault')
  // What is written ends in a line end.
  if (lines.pop() !== '') return bad(lines.length + 1, 'cut')
  for (let at = 1; at < lines.length - 1; at += 1) {
    const fault = recordFault(lines, at)
    if (fault !== null) return bad(at + 1, fault)
  }
  const fault = endFault(lines, top.publicKey)
  if (fault !== null) return bad(lines.length, fault)
  return { ok: true, records: lines.length - 2, publicKey: top.publicKey }
}

function recordFault(lines: readonly string[], at: number): ExportFault | null {
  const line = parsed(ExportedSchema, lines[at] ?? '')
  if (line === null) return parsed(ExportEndSchema, lines[at] ?? '') === null ? 'format' : 'order'
  if (line.sequence > at) return 'missing'
  if (line.sequence < at || line.kind === 'head') return 'order'
  return line.previous === linkTo(lines[at - 1] ?? '') ? null : 'changed'
}

function endFault(lines: readonly string[], publicKey: string): ExportFault | null {
  const last = lines.at(-1) ?? ''
  const end = parsed(ExportEndSchema, last)
  if (lines.length < 2 || end === null) return 'cut'
  const count = lines.length - 2
  if (end.sequence !== count) return end.sequence > count ? 'missing' : 'order'
  if (end.previous !== linkTo(lines.at(-2) ?? '')) return 'changed'
  // SECURITY: one text only stands for what was signed, so that no byte of the line is free to change.
  if (last !== JSON.stringify({ kind: 'head', ...withoutKind(end) })) return 'changed'
  const signature = Buffer.from(end.signature, 'hex')
  return verify(null, signedText(end.sequence, end.previous), keyOf(publicKey), signature)
    ? null
    : 'signature'
}

function withoutKind({ sequence, previous, signature }: z.infer<typeof ExportEndSchema>) {
  return { sequence, previous, signature }
}

/** SubjectPublicKeyInfo of an Ed25519 key (RFC 8410 section 4). */
function keyOf(publicKey: string): KeyObject {
  const key = Buffer.from(`302a300506032b6570032100${publicKey}`, 'hex')
  return createPublicKey({ key, format: 'der', type: 'spki' })
}

function parsed<T>(schema: z.ZodMiniType<T>, line: string): T | null {
  try {
    const checked = schema.safeParse(JSON.parse(line))
    return checked.success ? checked.data : null
  } catch {
    return null
  }
}
