import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { brokerAlone } from '../arena/broker-alone.ts'
import { inTurns } from './in-turns.ts'
import type { RowGroup, Samples } from './row.ts'

const TURNS = 10
const CALLS = 100
/** Bytes: about what a record of a call takes. */
const RECORD = Buffer.alloc(600, 0x5a)

/** What a small call costs in the host without its way there and the service. Figures: `call`. */
export const HOST_COST: readonly RowGroup[] = [
  {
    name: 'host-cost',
    kind: 'host',
    rows: [
      {
        name: 'host-cost-p50',
        title: 'decide + record + inject + cleanse, small call, p50',
        unit: 'ms',
        figure: 'call',
        share: 0.5,
        targets: [{ of: 'figure', most: 0.5 }],
      },
    ],
    measure,
  },
]

async function measure(): Promise<Samples> {
  const folder = await mkdtemp(join(tmpdir(), 'valetkey-host-cost-'))
  const commit = committer(folder)
  const host = await brokerAlone(folder)
  try {
    const call = await inTurns(TURNS, {
      valetkey: () => timed(CALLS, host.call),
      'one durable commit': () => timed(CALLS, commit.once),
    })
    return { call }
  } finally {
    await host.close()
    commit.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** Milliseconds of each, one after another. */
async function timed(times: number, work: () => Promise<void>): Promise<number[]> {
  const took: number[] = []
  for (let at = 0; at < times; at += 1) {
    const started = performance.now()
    await work()
    took.push(performance.now() - started)
  }
  return took
}

/** One row more in a database of its own beside the vault, on the disk: what no durable record is faster than. */
function committer(folder: string): { once(): Promise<void>; close(): void } {
  const database = new DatabaseSync(join(folder, 'commit.sqlite'))
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE log (record BLOB) STRICT')
  const insert = database.prepare('INSERT INTO log (record) VALUES (?)')
  return { once: async () => void insert.run(RECORD), close: () => database.close() }
}
