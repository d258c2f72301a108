import { DatabaseSync, type SQLInputValue, type SQLOutputValue } from 'node:sqlite'

interface Value {
  readonly type: 'null' | 'integer' | 'float' | 'text'
  readonly value?: string | number
}

interface Statement {
  readonly sql?: string
  /** Of a text that was stored before. */
  readonly sql_id?: number
  readonly args?: readonly Value[]
}

interface Condition {
  readonly type: 'ok' | 'error' | 'not' | 'and' | 'or' | 'is_autocommit'
  readonly step?: number
  readonly cond?: Condition
  readonly conds?: readonly Condition[]
}

export interface HranaRequest {
  readonly type: 'execute' | 'batch' | 'close' | 'get_autocommit' | 'store_sql' | 'close_sql'
  readonly sql?: string
  readonly sql_id?: number
  readonly stmt?: Statement
  readonly batch?: {
    readonly steps: readonly { readonly stmt: Statement; readonly condition?: Condition | null }[]
  }
}

/**
 * A database that is asked in Hrana 2 over HTTP (github.com/tursodatabase/libsql, docs/HRANA_2_SPEC.md): statements, and
 * batches whose steps have conditions. SQLite does the work.
 */
export class HranaDatabase {
  readonly #database = new DatabaseSync(':memory:')
  readonly #stored = new Map<number | undefined, string>()

  constructor(schema: string) {
    this.#database.exec(schema)
  }

  /** Answer one request of a pipeline. */
  answer(request: HranaRequest): object {
    try {
      return { type: 'ok', response: { type: request.type, ...this.#respond(request) } }
    } catch (error) {
      return { type: 'error', error: faultOf(error) }
    }
  }

  #respond({ type, stmt, batch, sql = '', sql_id }: HranaRequest): object {
    if (type === 'store_sql') this.#stored.set(sql_id, sql)
    if (type === 'execute' && stmt !== undefined) return { result: this.#run(stmt) }
    if (type === 'get_autocommit') return { is_autocommit: !this.#database.isTransaction }
    if (type !== 'batch' || batch === undefined) return {}
    const results: (object | null)[] = []
    const errors: (object | null)[] = []
    for (const { stmt: step, condition } of batch.steps) {
      const runs = condition == null || this.#holds(condition, results, errors)
      const [result, error] = runs ? this.#try(step) : [null, null]
      results.push(result)
      errors.push(error)
    }
    return { result: { step_results: results, step_errors: errors } }
  }

  #try(statement: Statement): [object | null, object | null] {
    try {
      return [this.#run(statement), null]
    } catch (error) {
      return [null, faultOf(error)]
    }
  }

  #holds(condition: Condition, results: readonly unknown[], errors: readonly unknown[]): boolean {
    const { type, step = 0, cond, conds = [] } = condition
    const inner = (each: Condition) => this.#holds(each, results, errors)
    if (type === 'ok') return results[step] != null
    if (type === 'error') return errors[step] != null
    if (type === 'not') return cond !== undefined && !inner(cond)
    if (type === 'is_autocommit') return !this.#database.isTransaction
    return type === 'and' ? conds.every(inner) : conds.some(inner)
  }

  #run({ sql, sql_id, args = [] }: Statement): object {
    const prepared = this.#database.prepare(sql ?? this.#stored.get(sql_id) ?? '')
    const cols = prepared.columns().map(({ name }) => ({ name, decltype: null }))
    const values = args.map(toSql)
    if (cols.length === 0) {
      const { changes, lastInsertRowid } = prepared.run(...values)
      return { cols, rows: [], affected_row_count: Number(changes), last_insert_rowid: `${lastInsertRowid}` }
    }
    const rows = prepared.all(...values).map((row) => cols.map(({ name }) => fromSql(row[name] ?? null)))
    return { cols, rows, affected_row_count: 0, last_insert_rowid: null }
  }
}

function faultOf(error: unknown): object {
  return { message: `SQLite error: ${(error as Error).message}`, code: 'SQLITE_ERROR' }
}

function toSql({ type, value }: Value): SQLInputValue {
  if (value === undefined) return null
  return type === 'integer' ? BigInt(value) : value
}

function fromSql(value: SQLOutputValue): Value {
  if (value === null) return { type: 'null' }
  if (typeof value === 'string') return { type: 'text', value }
  return Number.isInteger(value)
    ? { type: 'integer', value: `${value}` }
    : { type: 'float', value: Number(value) }
}
