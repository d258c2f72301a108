import { readFileSync } from 'node:fs'
import { UsageError } from './usage-error.ts'

/** Largest secret that is read, bytes: certificates and service accounts fit many times over. */
const MAX_SECRET = 1024 * 1024

/** The bytes of a file the owner named, or of stdin for `-`. @throws UsageError where it cannot be read. */
export async function readOwnerFile(path: string): Promise<Uint8Array> {
  if (path === '-') return readStdin()
  try {
    return readFileSync(path)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable'
    throw new UsageError(`the file \`${path}\` cannot be read (${code})`)
  }
}

/** Everything on stdin. */
export async function readStdin(): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for await (const part of process.stdin) parts.push(part as Uint8Array)
  return Buffer.concat(parts)
}

/** A secret from stdin, without the one line end that `echo` and editors add. @throws UsageError for an empty one. */
export async function secretFromStdin(): Promise<Uint8Array> {
  return oneLineEndLess(await readStdin(), 'stdin')
}

/** A secret from a named file, without its one final line end. @throws UsageError. */
export async function secretFromFile(path: string): Promise<Uint8Array> {
  if (path === '-' || path === '/dev/stdin') return secretFromStdin()
  return oneLineEndLess(await readOwnerFile(path), `\`${path}\``)
}

function oneLineEndLess(bytes: Uint8Array, source: string): Uint8Array {
  let end = bytes.length
  if (bytes[end - 1] === 0x0a) end -= bytes[end - 2] === 0x0d ? 2 : 1
  if (end <= 0) throw new UsageError(`there is no secret on ${source}: it is empty`)
  if (end > MAX_SECRET) throw new UsageError(`what is on ${source} is too long for a secret`)
  return bytes.subarray(0, end)
}
