import * as z from 'zod/mini'

/** One line of an argument, a path or a name: the system ends texts at a zero byte. */
const Text = z.string().check(z.minLength(1), z.maxLength(4096), z.regex(/^[^\0]*$/))

/** How long a fetched value is used before it is fetched again, seconds; 0: for the calls that wait for it only. */
const Cache = z._default(z.int().check(z.gte(0), z.lte(86_400)), 300)

/** Longest a program or a server may take, seconds. */
const Seconds = z._default(z.int().check(z.gte(1), z.lte(120)), 10)

/** What of the answer is the secret: its first line, all of it, or the member of its JSON at an RFC 6901 pointer. */
const Take = z._default(z.union([z.enum(['line', 'all']), z.string().check(z.regex(/^\//))]), 'line')

/** Name of another stored secret of the same service. */
const SecretName = z.string().check(z.minLength(1), z.maxLength(200))

/** A program of the owner's with its fixed arguments. No shell reads them. */
const CommandSchema = z.strictObject({
  kind: z.literal('command'),
  /** The program's absolute path and its arguments. */
  argv: z.array(Text).check(z.minLength(1), z.maxLength(64)),
  /** The secret the program reads from its stdin; absent: its stdin is empty. */
  stdin: z.optional(SecretName),
  /** Variables beside the few that are passed on. For places, not for secrets: other programs can read them. */
  environment: z.optional(z.record(z.string().check(z.regex(/^[A-Z_][A-Z0-9_]*$/)), Text)),
  take: Take,
  seconds: Seconds,
  cache: Cache,
})

/** An entry of the operating system's keychain. */
const KeychainSchema = z.strictObject({
  kind: z.literal('keychain'),
  service: Text,
  account: Text,
  seconds: Seconds,
  cache: Cache,
})

/** A file that nobody but its owner may read. */
const FileSchema = z.strictObject({ kind: z.literal('file'), path: Text, take: Take, cache: Cache })

/** A field of a secret in a KV store, version 2, of HashiCorp Vault or OpenBao, read over HTTP. */
const Kv2Schema = z.strictObject({
  kind: z.literal('vault-kv2'),
  /** Where the server is, without `/v1`. */
  address: z.string().check(z.maxLength(2048)),
  /** The one IP it is reached at, for a server on this machine or a private network that has a name. */
  ip: z.optional(z.string().check(z.maxLength(45))),
  /** PEM certificates of the only authorities its server may prove itself with. */
  ca: z.optional(z.string().check(z.maxLength(64 * 1024))),
  namespace: z.optional(Text),
  mount: z._default(Text, 'secret'),
  path: Text,
  field: Text,
  /** Where its own token is: another secret of the service, or a file like those of kind `file`. */
  token: z.union([z.strictObject({ secret: SecretName }), z.strictObject({ file: Text })]),
  seconds: Seconds,
  cache: Cache,
})

/** Where a secret lives that the vault does not hold: fetched when a call needs it. May itself be sensitive. */
export const ReferenceSchema = z.discriminatedUnion('kind', [
  CommandSchema,
  KeychainSchema,
  FileSchema,
  Kv2Schema,
])
export type Reference = z.infer<typeof ReferenceSchema>
/** The name of a kind of place. */
export type ReferenceKind = Reference['kind']
/** A reference of one kind. */
export type ReferenceOf<K extends ReferenceKind> = Extract<Reference, { kind: K }>

/** The stored secret of the service that fetching needs, as the program's stdin or the server's token; null: none. */
export function helperOf(reference: Reference): string | null {
  if (reference.kind === 'command') return reference.stdin ?? null
  if (reference.kind === 'vault-kv2' && 'secret' in reference.token) return reference.token.secret
  return null
}
