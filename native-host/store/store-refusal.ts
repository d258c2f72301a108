import { say } from '../../shared/model/said.ts'
import { Refusal } from '../refusal.ts'

/** Primary result codes of SQLite, https://www.sqlite.org/rescode.html. */
const ERROR = 1
const BUSY = 5
const READONLY = 8
const IOERR = 10
const CORRUPT = 11
const FULL = 13
const CANTOPEN = 14
const NOTADB = 26
/** Extended code: the shared-memory file of the log could not grow, which on a full disk comes before FULL. */
const IOERR_SHMSIZE = 4874

const SAYINGS: Readonly<Record<number, readonly [Refusal['code'], string]>> = {
  [BUSY]: ['internal', 'the vault is busy: another program has held it for too long'],
  [READONLY]: ['invalid', 'the vault cannot be written: check the modes of its folder'],
  [IOERR]: ['store-damaged', 'the vault could not be read or written: the disk reports an error'],
  [CORRUPT]: ['store-damaged', 'the vault is damaged: restore a backup'],
  [FULL]: ['disk-full', 'the disk is full: nothing was changed'],
  [CANTOPEN]: ['invalid', 'the vault cannot be opened: check the modes of its folder'],
  [NOTADB]: ['store-damaged', 'the vault is damaged: it is not a database'],
}

/** Codes of the system that mean there is no room. */
const FULL_CODES = ['ENOSPC', 'EDQUOT']

/**
 * The refusal that an error of SQLite or of the file system stands for. A refusal comes back as it was, and so does
 * what is neither.
 */
export function storeRefusal(error: unknown): unknown {
  if (error instanceof Refusal || !(error instanceof Error) || !('code' in error)) return error
  if ('errcode' in error && typeof error.errcode === 'number') return sqliteRefusal(error, error.errcode)
  if (typeof error.code !== 'string' || !/^(E[A-Z]+|ERR_ACCESS_DENIED)$/.test(error.code)) return error
  return FULL_CODES.includes(error.code)
    ? new Refusal('disk-full', 'the disk is full: nothing was changed', { cause: error })
    : new Refusal('invalid', say`the folder of the vault cannot be used (\`${error.code}\`)`, {
        cause: error,
      })
}

/**
 * As `storeRefusal`, while a database is being opened: what SQLite then calls an error of the statement is one of the
 * file, as statements there are always the same. A header that names an unknown file format is such a case.
 */
export function openingRefusal(error: unknown): unknown {
  if (error instanceof Error && 'errcode' in error && error.errcode === ERROR)
    return new Refusal('store-damaged', 'the vault is damaged: restore a backup', { cause: error })
  return storeRefusal(error)
}

/** True for the refusal that says that another process has held the database for too long. */
export function isBusy(failure: unknown): boolean {
  const cause = failure instanceof Refusal ? failure.cause : null
  return cause instanceof Error && 'errcode' in cause && (Number(cause.errcode) & 0xff) === BUSY
}

function sqliteRefusal(error: Error, code: number): Refusal {
  const saying = SAYINGS[code === IOERR_SHMSIZE ? FULL : code & 0xff]
  return saying === undefined
    ? new Refusal('internal', 'the vault refused a statement', { cause: error })
    : new Refusal(saying[0], saying[1], { cause: error })
}
