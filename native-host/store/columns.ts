import type { SQLOutputValue } from 'node:sqlite'
import { say } from '../../shared/model/said.ts'
import { Refusal } from '../refusal.ts'

/** A row as SQLite gives it. */
export type Row = Record<string, SQLOutputValue>

function wrongType(column: string): Refusal {
  return new Refusal('store-damaged', say`the vault is damaged: column \`${column}\` has the wrong type`)
}

/** A text column. @throws Refusal `store-damaged` for any other type. */
export function textOf(row: Row, column: string): string {
  const value = row[column]
  if (typeof value !== 'string') throw wrongType(column)
  return value
}

/** A whole-number column. @throws Refusal `store-damaged` for any other type. */
export function integerOf(row: Row, column: string): number {
  const value = row[column]
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw wrongType(column)
  return value
}

/** A bytes column. @throws Refusal `store-damaged` for any other type. */
export function bytesOf(row: Row, column: string): Uint8Array {
  const value = row[column]
  if (!(value instanceof Uint8Array)) throw wrongType(column)
  return value
}
