import { createRedactor, type Sought } from '../../native-host/broker/redact.ts'

/** What comes out of redaction where a stream arrives cut at these places, ascending; as Latin-1. */
export function redactInPieces(sought: Sought, bytes: Uint8Array, cuts: readonly number[]): string {
  const redactor = createRedactor(sought)
  const out: Uint8Array[] = []
  let at = 0
  for (const cut of [...cuts, bytes.length]) {
    out.push(redactor.push(bytes.subarray(at, cut)))
    at = cut
  }
  out.push(redactor.end())
  return Buffer.concat(out).toString('latin1')
}
