import { say } from '../../shared/model/said.ts'
import { Refusal } from '../refusal.ts'
import { bytesOf, integerOf } from '../store/columns.ts'
import type { Store } from '../store/store.ts'
import type { VaultKeys } from '../vault/keys.ts'
import { type ChainHead, NO_ROWS, openEntry, readHead } from './chain.ts'
import { EXPORT_FORMAT, linkTo, signedText } from './export-format.ts'
import { chainRows, rowFault } from './verify-audit.ts'

/**
 * The log as lines that anyone can check without the vault, oldest record first: each line holds the hash of the one
 * before, the last one a signature. Records written meanwhile are left out.
 *
 * @returns lines without their line ends.
 * @throws Refusal `store-damaged`, before the signed line, where the log was changed: no signature vouches for that.
 */
export function* signedExport(store: Store, keys: VaultKeys): Generator<string> {
  const head = readHead(store, keys)
  if (head === null) throw changed(1)
  const publicKey = Buffer.from(keys.publicKey()).toString('hex')
  let line = JSON.stringify({ kind: 'export', format: EXPORT_FORMAT, publicKey })
  yield line
  let before = NO_ROWS
  for (const { sequence, mac, record } of recordsTo(store, keys, head)) {
    line = JSON.stringify({ sequence, previous: linkTo(line), ...record })
    before = { sequence, mac }
    yield line
  }
  if (before.sequence !== head.sequence || Buffer.compare(before.mac, head.mac) !== 0)
    throw changed(before.sequence + 1)
  const { sequence } = head
  const previous = linkTo(line)
  const signature = Buffer.from(keys.sign(signedText(sequence, previous))).toString('hex')
  yield JSON.stringify({ kind: 'head', sequence, previous, signature })
}

/** Rows up to the head, each checked against the one before, opened. */
function* recordsTo(store: Store, keys: VaultKeys, head: ChainHead) {
  let before = NO_ROWS
  for (const row of chainRows(store)) {
    if (before.sequence === head.sequence) return
    if (rowFault(keys, before, row) !== null) throw changed(before.sequence + 1)
    before = { sequence: integerOf(row, 'sequence'), mac: bytesOf(row, 'mac') }
    yield { ...before, record: openEntry(keys, row).record }
  }
}

function changed(at: number): Refusal {
  return new Refusal('store-damaged', say`the audit log was changed at record ${at}: run \`audit verify\``)
}
