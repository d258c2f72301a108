import type * as z from 'zod/mini'
import { say } from '../../shared/model/said.ts'
import { Refusal } from '../refusal.ts'
import type { VaultKeys } from '../vault/keys.ts'

/** Seal a value as JSON for one place. @throws Refusal `invalid` where it does not fit its schema. */
export function sealJson<T>(keys: VaultKeys, place: string, schema: z.ZodMiniType<T>, value: T): Uint8Array {
  return sealedJson(keys, place, schema, value).sealed
}

/** The same, with the value as `openJson` will give it back. */
export function sealedJson<T>(
  keys: VaultKeys,
  place: string,
  schema: z.ZodMiniType<T>,
  value: T,
): { sealed: Uint8Array; value: T } {
  const checked = schema.safeParse(value)
  if (!checked.success) throw new Refusal('invalid', say`not storable: ${firstIssue(checked.error)}`)
  return { sealed: keys.seal(place, Buffer.from(JSON.stringify(checked.data))), value: checked.data }
}

/** Open what `sealJson` sealed for the same place. @throws Refusal `store-damaged` for anything else. */
export function openJson<T>(keys: VaultKeys, place: string, schema: z.ZodMiniType<T>, sealed: Uint8Array): T {
  const checked = schema.safeParse(parsed(keys.open(place, sealed)))
  if (checked.success) return checked.data
  const issue = firstIssue(checked.error)
  throw new Refusal('store-damaged', say`the vault is damaged: a record does not fit (${issue})`)
}

/** Undefined, which fits no schema, for what is not JSON. */
function parsed(plain: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(plain))
  } catch {
    return undefined
  }
}

/** Where the first fault is, without the value that is at fault. */
function firstIssue(error: z.core.$ZodError): string {
  const path = error.issues[0]?.path.map(String).join('.') ?? ''
  return path === '' ? 'as a whole' : `\`${path}\``
}
