/** A second opinion on forms, written apart from the product: character by character, and parts by splitting at lines. */

/** Fields with their text; null for a value no rule may look into. */
export type OracleFields = [name: string, text: string | null][]

/** Fields of an urlencoded form; null where parsers could differ about them. */
export function oracleForm(bytes: Uint8Array): OracleFields | null {
  const fields: OracleFields = []
  if (bytes.length === 0) return fields
  let pair: number[] = []
  for (const byte of [...bytes, 0x26]) {
    if (byte <= 0x20 || byte >= 0x7f || byte === 0x3b) return null
    if (byte !== 0x26) {
      pair.push(byte)
      continue
    }
    const mark = pair.indexOf(0x3d)
    if (mark <= 0) return null
    const name = unescaped(pair.slice(0, mark))
    const value = unescaped(pair.slice(mark + 1))
    if (name === null || value === null || fields.some(([other]) => other === name)) return null
    if (name === '_charset_' || [...name].some(isControl)) return null
    fields.push([name, value])
    pair = []
  }
  return fields
}

function isControl(character: string): boolean {
  const code = character.codePointAt(0) ?? 0
  return code < 32 || (code >= 127 && code < 160)
}

/** `+` for a blank, percent triplets, then UTF-8. */
function unescaped(bytes: readonly number[]): string | null {
  const out: number[] = []
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0
    if (byte === 0x25) {
      const digits = String.fromCharCode(bytes[at + 1] ?? 0, bytes[at + 2] ?? 0)
      if (!/^[0-9a-fA-F][0-9a-fA-F]$/.test(digits)) return null
      out.push(Number.parseInt(digits, 16))
      at += 2
    } else out.push(byte === 0x2b ? 0x20 : byte)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(out))
  } catch {
    return null
  }
}

/** Fields of multipart form data; null where parsers could differ about them. */
export function oracleMultipart(bytes: Uint8Array, boundary: string): OracleFields | null {
  // One character a byte, so that splitting loses nothing.
  const text = Buffer.from(bytes).toString('latin1')
  const lines = text.split('\r\n')
  if (lines.at(-1) === '' && lines.at(-2) === `--${boundary}--`) lines.pop()
  if (lines.shift() !== `--${boundary}`)
    return text === `--${boundary}--` || text === `--${boundary}--\r\n` ? [] : null
  if (lines.pop() !== `--${boundary}--`) return null
  const blocks: string[][] = [[]]
  for (const line of lines) {
    if (line === `--${boundary}`) blocks.push([])
    else if (line.includes(`--${boundary}`)) return null
    else blocks.at(-1)?.push(line)
  }
  const fields: OracleFields = []
  for (const block of blocks) {
    const field = fieldOf(block)
    if (field === null || fields.some(([name]) => name === field[0])) return null
    fields.push(field)
  }
  return fields
}

function fieldOf(block: readonly string[]): [string, string | null] | null {
  const empty = block.indexOf('')
  if (empty < 1) return null
  let name: string | null = null
  let isText = true
  const seen: string[] = []
  for (const line of block.slice(0, empty)) {
    const colon = line.indexOf(':')
    const key = line.slice(0, colon).toLowerCase()
    const value = line.slice(colon + 1).replace(/^ /, '')
    if (seen.includes(key) || /[\r\n]/.test(value)) return null
    seen.push(key)
    if (key === 'content-type')
      isText &&= ['text/plain', 'text/plain;charset=utf-8', 'text/plain; charset=utf-8'].includes(
        value.toLowerCase(),
      )
    else if (key === 'content-disposition') {
      const pieces = value.split('"')
      // Exactly `form-data; name=` "…" and, for a file, `; filename=` "…".
      const isFile = pieces.length === 5 && /^; ?filename=$/.test(pieces[2] ?? '') && pieces[4] === ''
      const isPlain = pieces.length === 3 && pieces[2] === ''
      if (!/^form-data; ?name=$/.test(pieces[0] ?? '') || !(isFile || isPlain)) return null
      if (/[\\;%]/.test(pieces[1] ?? '') || /[\\;]/.test(pieces[3] ?? '')) return null
      name = Buffer.from(pieces[1] ?? '', 'latin1').toString('utf8')
      if (isFile) isText = false
    } else return null
  }
  if (name === null || name === '' || name === '_charset_') return null
  const value = Buffer.from(block.slice(empty + 1).join('\r\n'), 'latin1')
  return [name, isText ? value.toString('utf8') : null]
}

/** The spellings some server takes for one name, brought to one. Brackets and dots may cut it, blanks and case do not count. */
export function oracleFolds(name: string): string[] {
  const cut = name.split('[')[0]?.split('.')[0] ?? ''
  return [name, cut].map((each) =>
    oracleFold([...each].filter((character) => !'.[]!+$'.includes(character)).join('')),
  )
}

/** One text for the spellings of a key: without case, Unicode form, blanks, `_`, `-`, and what follows a NUL. */
export function oracleFold(key: string): string {
  let out = ''
  for (const character of (key.split('\0')[0] ?? '').normalize('NFKC')) {
    if (/[\s\u200b-\u200f\u2028-\u202f\u2060\ufeff_-]/.test(character) || isControl(character)) continue
    out += character.toUpperCase().toLowerCase()
  }
  return out
}
