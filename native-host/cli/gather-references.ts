import type { SecretBytes } from '../owner/check-secrets.ts'
import { PackedReference } from '../references/packed-reference.ts'
import { readReference } from '../references/read-reference.ts'
import { readOwnerFile } from './owner-files.ts'
import { UsageError } from './usage-error.ts'

/** Where the owner said secrets live. */
export interface ReferenceOptions {
  secretRef?: string[]
  /** False: they are not fetched before they are saved. */
  try?: boolean
}

/** What `--help` says of a reference. */
export const REFERENCE_HELP =
  'where a secret lives that is fetched when needed; may be repeated. `command:["/usr/bin/pass","show","x"]`, ' +
  '`file:/path`, `keychain:service/account`, `vault-kv2:{"address":…,"mount":…,"path":…,"field":…,"token":{"file":…}}`, ' +
  'or KIND:{JSON} with `take` (line, all or a JSON pointer), `seconds`, `cache` (seconds), `stdin` (a command’s: name of ' +
  'another secret), `environment`; `@path` reads all of this from a file'

/**
 * The references the owner gave, by the name of the secret, packed for the vault.
 *
 * @throws UsageError for what is no NAME=REFERENCE; Refusal `invalid` for a reference that could not be fetched safely.
 */
export async function gatherReferences(options: ReferenceOptions): Promise<Map<string, PackedReference>> {
  const references = new Map<string, PackedReference>()
  for (const pair of options.secretRef ?? []) {
    const at = pair.indexOf('=')
    // SECURITY: what was typed is not repeated: it may be a key.
    if (at < 1)
      throw new UsageError('`--secret-ref` takes NAME=REFERENCE, as in `token=file:/run/secrets/key`')
    const name = pair.slice(0, at)
    if (references.has(name)) throw new UsageError(`secret \`${name}\` is given twice`)
    references.set(name, PackedReference.fresh(readReference(await textOf(pair.slice(at + 1)))))
  }
  return references
}

async function textOf(text: string): Promise<string> {
  if (!text.startsWith('@')) return text
  return Buffer.from(await readOwnerFile(text.slice(1)))
    .toString('utf8')
    .trim()
}

/** Both together. @throws UsageError for a name that is in both. */
export function together(
  secrets: ReadonlyMap<string, Uint8Array>,
  references: ReadonlyMap<string, PackedReference>,
): SecretBytes {
  for (const name of references.keys())
    if (secrets.has(name)) throw new UsageError(`secret \`${name}\` is given twice`)
  return new Map<string, Uint8Array | PackedReference>([...secrets, ...references])
}
