import { performance } from 'node:perf_hooks'
import type { AuditChecked, AuditCursor, AuditFilter } from '../../shared/protocol/audit-reading.ts'
import type { Command } from '../../shared/protocol/commands.ts'
import { AuditLog } from '../support/audit-log.ts'
import { NativeHost } from '../support/native-host.ts'
import { OwnedVault } from '../support/owned-vault.ts'

// Prints what a real host takes to show, search, count and check logs of several lengths, written by the product's own
// writer, and how long another order waits meanwhile. `node test/bench/audit-reading.ts [records…]`, for instance `1000 1000000`.

const LENGTHS = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [1000, 100_000]
const TIMES = 15
const TOGETHER = 1000
const DAY = 86_400_000
const NOW = Date.now()
const SITES = 40

interface Figures {
  records: number
  /** Milliseconds. */
  write: number
  first: number
  middle: number
  search: number
  count: number
  check: number
  /** How long an order waits, median and worst: of a host that does nothing else, and of one that searches. */
  idle: [number, number]
  busy: [number, number]
}

/** Calls over thirty days, each with its outcome, one of ten refused. */
function write(log: AuditLog, records: number): void {
  for (let written = 0; written < records; ) {
    log.together(() => {
      const end = Math.min(records, written + TOGETHER)
      while (written < end) {
        const at = NOW - 30 * DAY + Math.floor((written / records) * 30 * DAY)
        const origin = `https://site-${written % SITES}.example`
        if (written % 20 === 0 || written + 1 === records) {
          log.refusal(at, { origin })
          written += 1
        } else {
          log.outcome(log.intent(at, { origin }), at + 900)
          written += 2
        }
      }
    })
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await work()
  return performance.now() - begun
}

const ordered = (times: readonly number[]) => times.toSorted((a, b) => a - b)
const median = (times: readonly number[]) => ordered(times)[Math.floor(times.length / 2)] ?? Number.NaN
const spread = (times: readonly number[]): [number, number] => [median(times), ordered(times).at(-1) ?? 0]

/** The best of so many: what else runs on the machine only makes a run slower. */
async function repeated(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let n = 0; n < TIMES; n += 1) times.push(await timed(work))
  return Math.min(...times)
}

/** Every answer that `command` takes until there is nothing more. */
async function through(host: NativeHost, command: (from: object) => Command): Promise<void> {
  for (let from: AuditCursor | AuditChecked | null | undefined; from !== null; ) {
    const answer = (await host.order(command(from === undefined ? {} : { from }))) as {
      next: AuditCursor | AuditChecked | null
    }
    from = answer.next
  }
}

const search = (where: AuditFilter) => (from: object) =>
  ({ name: 'audit-page', where, limit: 100, ...from }) as Command

async function measure(records: number): Promise<Figures> {
  const vault = await OwnedVault.create()
  try {
    const begun = performance.now()
    write(new AuditLog(vault), records)
    const written = performance.now() - begun
    const host = await NativeHost.start(vault.home)
    try {
      return { records, write: written, ...(await figuresOf(host, records)) }
    } finally {
      await host.close()
    }
  } finally {
    await vault.remove()
  }
}

async function figuresOf(host: NativeHost, records: number): Promise<Omit<Figures, 'records' | 'write'>> {
  const page = (from: object) => host.order(search({})(from) as Extract<Command, { name: 'audit-page' }>)
  const wait = () => timed(() => host.order({ name: 'session-list' }))
  const nowhere = () => through(host, search({ text: 'nowhere' }))
  const edges = Array.from({ length: 31 }, (_, day) => NOW - (30 - day) * DAY)
  const first = await repeated(() => page({}))
  const middle = await repeated(() => page({ from: { below: Math.floor(records / 2), open: [] } }))
  const idle: number[] = []
  for (let n = 0; n < 5 * TIMES; n += 1) idle.push(await wait())
  const busy: number[] = []
  let isSearching = true
  const searching = timed(nowhere).finally(() => {
    isSearching = false
  })
  while (isSearching) busy.push(await wait())
  await searching
  return {
    first,
    middle,
    idle: spread(idle),
    busy: spread(busy),
    search: await timed(nowhere),
    count: await timed(() =>
      through(host, (from) => ({ name: 'audit-counts', where: {}, edges, ...from }) as Command),
    ),
    check: await timed(() => through(host, (from) => ({ name: 'audit-verify', ...from }) as Command)),
  }
}

const rows: Figures[] = []
for (const records of LENGTHS) rows.push(await measure(records))
const [base] = rows
for (const each of rows) {
  const { records, idle, busy } = each
  const ratio = (of: 'first' | 'middle') =>
    `${each[of].toFixed(1)} ms (×${(each[of] / (base?.[of] ?? 1)).toFixed(2)})`
  console.log(
    `${records} records: first page ${ratio('first')}, a page of the middle ${ratio('middle')};`,
    `to search all ${each.search.toFixed(0)} ms, count ${each.count.toFixed(0)}, check ${each.check.toFixed(0)}, written in ${each.write.toFixed(0)};`,
    `another order waits ${idle[0].toFixed(1)} ms (${idle[1].toFixed(1)} at worst), beside a search ${busy[0].toFixed(1)} (${busy[1].toFixed(1)})`,
  )
}
