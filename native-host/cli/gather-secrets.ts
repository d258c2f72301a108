import type { PathAuth } from '../../shared/model/service.ts'
import { optionalSecretNames, secretNames } from '../../shared/presets/secret-names.ts'
import type { SecretBytes } from '../owner/check-secrets.ts'
import { gatherReferences, type ReferenceOptions, together } from './gather-references.ts'
import { secretFromFile, secretFromStdin } from './owner-files.ts'
import { canPrompt, promptSecret } from './prompt.ts'
import { UsageError } from './usage-error.ts'

/** Where the owner said the secrets are. */
export interface SecretOptions extends ReferenceOptions {
  secretStdin?: boolean
  secretFile?: string[]
}

/**
 * Read the secrets of a service from where the owner put them, and where those live that stay elsewhere.
 *
 * `--secret-stdin` is the main one: the first of every scheme that neither `--secret-file` nor `--secret-ref` gave, so that
 * a key which goes to several places is typed once. With none of them, a person at a terminal is asked.
 *
 * @param optional true where the service can do without: an empty answer at the prompt means none. @param main names of the
 *   main secret, where they are not the first of every scheme.
 * @throws UsageError; Refusal `invalid` for a reference that could not be fetched safely.
 */
export async function gatherSecrets(
  auth: readonly PathAuth[],
  options: SecretOptions,
  optional: boolean,
  main: readonly string[] = mainNames(auth),
): Promise<SecretBytes> {
  const references = await gatherReferences(options)
  const isElsewhere = (name: string) => references.has(name)
  // What can only be a file is not typed.
  const canBeTyped = secretNames(auth).length > 0
  const stored = await storedSecrets({ main, optional, canBeTyped }, options, isElsewhere)
  return together(stored, references)
}

interface Wanted {
  main: readonly string[]
  optional: boolean
  canBeTyped: boolean
}

async function storedSecrets(
  { main, optional, canBeTyped }: Wanted,
  options: SecretOptions,
  isElsewhere: (name: string) => boolean,
): Promise<Map<string, Uint8Array>> {
  const secrets = await fromFiles(options.secretFile ?? [])
  const missing = main.filter((name) => !secrets.has(name) && !isElsewhere(name))
  if (options.secretStdin) {
    if (main.length === 0) throw new UsageError('this scheme has no secret to read from stdin')
    const bytes = await secretFromStdin()
    for (const name of missing) secrets.set(name, bytes)
    return secrets
  }
  if (secrets.size === 0 && canBeTyped && canPrompt()) {
    const typed = await promptSecret(
      optional ? `Secret \`${missing[0]}\` (empty: none)` : `Secret \`${missing[0]}\``,
    )
    if (typed !== '') for (const name of missing) secrets.set(name, new TextEncoder().encode(typed))
  }
  return secrets
}

function mainNames(auth: readonly PathAuth[]): string[] {
  return [
    ...new Set(
      auth.flatMap((scheme) => [...secretNames([scheme]), ...optionalSecretNames([scheme])].slice(0, 1)),
    ),
  ]
}

async function fromFiles(pairs: readonly string[]): Promise<Map<string, Uint8Array>> {
  const secrets = new Map<string, Uint8Array>()
  for (const pair of pairs) {
    const at = pair.indexOf('=')
    if (at < 1) throw new UsageError('`--secret-file` takes NAME=PATH, as in `token=/run/secrets/key`')
    const name = pair.slice(0, at)
    if (secrets.has(name)) throw new UsageError(`secret \`${name}\` is given twice`)
    secrets.set(name, await secretFromFile(pair.slice(at + 1)))
  }
  return secrets
}
