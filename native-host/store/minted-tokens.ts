import { randomUUID } from 'node:crypto'
import * as z from 'zod/mini'
import { TimestampSchema } from '../../shared/model/names.ts'
import { say } from '../../shared/model/said.ts'
import { Refusal } from '../refusal.ts'
import type { VaultKeys } from '../vault/keys.ts'
import { bytesOf, integerOf, type Row, textOf } from './columns.ts'
import { namedRowId } from './named-rows.ts'
import { openJson, sealJson } from './sealed-json.ts'
import type { Store } from './store.ts'

const TokenSchema = z.object({
  token: z.string(),
  /** When it was asked for, and until when it is taken to be good. */
  askedAt: TimestampSchema,
  expiresAt: TimestampSchema,
  /** Keyed digest of the secrets it was made from: with others it is not used. */
  madeFrom: z.string(),
})
/** A token as it is kept. */
export type KeptToken = z.infer<typeof TokenSchema>

// Whose it is stands inside the seal, so that a token cannot be moved to another service.
const RowSchema = z.object({
  service: z.string(),
  source: z.string(),
  current: z.nullable(TokenSchema),
  /** The one before: calls with it may still run, and it may still be good. */
  before: z.nullable(TokenSchema),
})
type MintedRow = z.infer<typeof RowSchema>

/**
 * Where a token comes from: a service, and the text that names the scheme with all its settings. Or whose turn it is to ask,
 * where several schemes take turns: that row never has a token.
 */
export interface TokenSource {
  readonly service: string
  readonly source: string
}

function placeOf(row: Row): string {
  return `minted:${textOf(row, 'id')}:${integerOf(row, 'version')}`
}

function opened(keys: VaultKeys, row: Row, service: string): MintedRow {
  const value = openJson(keys, placeOf(row), RowSchema, bytesOf(row, 'sealed'))
  // SECURITY: `service` and `source_index` are columns in clear. Without this a token could be sent to another service.
  const index = keys.index('minted', value.source)
  if (value.service !== service || Buffer.compare(index, bytesOf(row, 'source_index')) !== 0)
    throw new Refusal('store-damaged', 'the vault is damaged: a token lies in the wrong place')
  return value
}

function rowOf(store: Store, keys: VaultKeys, { service, source }: TokenSource): Row | null {
  const owner = namedRowId(store, keys, 'services', service)
  if (owner === null) return null
  const index = keys.index('minted', source)
  return store.get('SELECT * FROM minted_tokens WHERE service = ? AND source_index = ?', owner, index)
}

/** The token of a source, good or not, or null. For `vault/take-secrets.ts` only. @throws Refusal `store-damaged`. */
export function readToken(store: Store, keys: VaultKeys, from: TokenSource): KeptToken | null {
  const row = rowOf(store, keys, from)
  return row === null ? null : opened(keys, row, from.service).current
}

/** All tokens of a service, those before among them. For `vault/take-secrets.ts` only. @throws Refusal `store-damaged`. */
export function tokensOf(store: Store, keys: VaultKeys, service: string): string[] {
  const owner = namedRowId(store, keys, 'services', service)
  if (owner === null) return []
  const rows = store.all('SELECT * FROM minted_tokens WHERE service = ? ORDER BY id', owner)
  return rows
    .map((row) => opened(keys, row, service))
    .flatMap(({ current, before }) => [current, before])
    .flatMap((kept) => (kept === null ? [] : [kept.token]))
}

/**
 * Take it upon oneself to ask for the next token of a source: one of all processes at a time, for so long at most.
 *
 * @param holder id of who asks. @param now the wall clock, ms. @param until when it is over whatever became of it.
 * @returns false where somebody else has it. @throws Refusal `unknown` where there is no such service.
 */
export function takeLease(
  store: Store,
  keys: VaultKeys,
  from: TokenSource,
  lease: { holder: string; now: number; until: number },
): boolean {
  return store.transaction(() => {
    const row = rowOf(store, keys, from) ?? insertRow(store, keys, from)
    const { lease_holder: holder, lease_until: until } = row
    const isHeld = typeof holder === 'string' && typeof until === 'number' && holder !== lease.holder
    // A clock that was set back must not make a dead holder's time longer than it ever was.
    if (isHeld && until > lease.now && until <= lease.until) return false
    store.run(
      'UPDATE minted_tokens SET lease_holder = ?, lease_until = ? WHERE id = ?',
      lease.holder,
      lease.until,
      textOf(row, 'id'),
    )
    return true
  })
}

/** True while nobody else has it. */
export function holdsLease(store: Store, keys: VaultKeys, from: TokenSource, holder: string): boolean {
  return rowOf(store, keys, from)?.lease_holder === holder
}

/** Give it back. Harmless where somebody else has it. */
export function dropLease(store: Store, keys: VaultKeys, from: TokenSource, holder: string): void {
  store.transaction(() => {
    const row = rowOf(store, keys, from)
    if (row?.lease_holder !== holder) return
    store.run(
      'UPDATE minted_tokens SET lease_holder = NULL, lease_until = NULL WHERE id = ?',
      textOf(row, 'id'),
    )
  })
}

/** Keep a new token in place of the current one, which becomes the one before. @throws Refusal `unknown`. */
export function putToken(store: Store, keys: VaultKeys, from: TokenSource, token: KeptToken): void {
  store.transaction(() => {
    const row = rowOf(store, keys, from) ?? insertRow(store, keys, from)
    const { current, before } = opened(keys, row, from.service)
    write(store, keys, row, { ...from, current: token, before: current ?? before })
  })
}

/**
 * Go on using the current token of a source where the secrets it was made from were replaced by what they themselves gave.
 *
 * @param was digest of those secrets; a token that was made from others is left as it is. @param is digest of the new ones.
 */
export function carryToken(store: Store, keys: VaultKeys, from: TokenSource, was: string, is: string): void {
  store.transaction(() => {
    const row = rowOf(store, keys, from)
    if (row === null) return
    const { current, before } = opened(keys, row, from.service)
    if (current?.madeFrom !== was) return
    write(store, keys, row, { ...from, current: { ...current, madeFrom: is }, before })
  })
}

/** Use this token no more; it stays known as the one before. @returns false where it is not the current one. */
export function rejectToken(store: Store, keys: VaultKeys, from: TokenSource, token: string): boolean {
  return store.transaction(() => {
    const row = rowOf(store, keys, from)
    if (row === null) return false
    const { current } = opened(keys, row, from.service)
    if (current?.token !== token) return false
    write(store, keys, row, { ...from, current: null, before: current })
    return true
  })
}

function insertRow(store: Store, keys: VaultKeys, from: TokenSource): Row {
  const owner = namedRowId(store, keys, 'services', from.service)
  if (owner === null) throw new Refusal('unknown', say`there is no service \`${from.service}\``)
  const row = { id: randomUUID(), version: 1 }
  const empty = { ...from, current: null, before: null }
  store.run(
    'INSERT INTO minted_tokens (id, version, service, source_index, sealed) VALUES (?, ?, ?, ?, ?)',
    row.id,
    row.version,
    owner,
    keys.index('minted', from.source),
    sealJson(keys, placeOf(row), RowSchema, empty),
  )
  return rowOf(store, keys, from) ?? {}
}

function write(store: Store, keys: VaultKeys, row: Row, value: MintedRow): void {
  const next = { id: textOf(row, 'id'), version: integerOf(row, 'version') + 1 }
  const sealed = sealJson(keys, placeOf(next), RowSchema, value)
  store.run('UPDATE minted_tokens SET version = ?, sealed = ? WHERE id = ?', next.version, sealed, next.id)
}
