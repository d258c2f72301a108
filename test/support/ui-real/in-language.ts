import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * A copy of a built extension that has the texts of one language as those it falls back to: a browser shows the language that it is
 * itself in, and few have more than one installed.
 *
 * @returns the folder of the copy, for the caller to remove.
 */
export async function extensionIn(language: string, built: string): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'valetkey-in-language-'))
  await cp(built, copy, { recursive: true })
  const texts = await readFile(join(built, '_locales', language, 'messages.json'))
  await writeFile(join(copy, '_locales/en/messages.json'), texts)
  return copy
}
