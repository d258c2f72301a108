import { webcrypto } from 'node:crypto'

/**
 * A second reader of exported logs, written from the page shared/protocol/audit-export.md alone and sharing nothing with the
 * product: works on bytes, with WebCrypto.
 *
 * @param publicKey the key the file must be signed with, in hex.
 * @returns how many records the file holds; `null` where it is not whole.
 */
export async function readExport(file: Uint8Array, publicKey: string): Promise<number | null> {
  const lines = linesOf(file)
  if (lines === null || lines.length < 2) return null
  const texts = lines.map((line) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(line))
  const top = `{"kind":"export","format":"valetkey-audit/1","publicKey":"${publicKey}"}`
  if (texts[0] !== top) return null
  const count = lines.length - 2
  for (let n = 1; n <= count; n += 1) {
    const begins = `{"sequence":${n},"previous":"${await hashOf(lines[n - 1] as Uint8Array)}",`
    if (!texts[n]?.startsWith(begins) || !isRecord(texts[n] ?? '')) return null
  }
  const hash = await hashOf(lines[count] as Uint8Array)
  const end = /^\{"kind":"head","sequence":(\d+),"previous":"([0-9a-f]{64})","signature":"([0-9a-f]{128})"\}$/
  const [, said, previous, signature] = end.exec(texts[count + 1] ?? '') ?? []
  if (said !== String(count) || previous !== hash || signature === undefined) return null
  const signed = new TextEncoder().encode(`valetkey-audit/1 head\n${count}\n${hash}\n`)
  const key = await webcrypto.subtle.importKey('raw', bytesOf(publicKey), 'Ed25519', false, ['verify'])
  return (await webcrypto.subtle.verify('Ed25519', key, bytesOf(signature), signed)) ? count : null
}

/** The bytes between line feeds; null where the last line has none. */
function linesOf(file: Uint8Array): Uint8Array[] | null {
  const lines: Uint8Array[] = []
  let start = 0
  for (let at = 0; at < file.length; at += 1) {
    if (file[at] !== 0x0a) continue
    lines.push(file.subarray(start, at))
    start = at + 1
  }
  return start === file.length ? lines : null
}

function isRecord(text: string): boolean {
  try {
    const { kind } = JSON.parse(text) as { kind?: unknown }
    return typeof kind === 'string' && kind !== 'head' && kind !== 'export'
  } catch {
    return false
  }
}

async function hashOf(bytes: Uint8Array): Promise<string> {
  return Buffer.from(await webcrypto.subtle.digest('SHA-256', Uint8Array.from(bytes))).toString('hex')
}

function bytesOf(hex: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}
