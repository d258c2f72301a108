import type { OwnedVault } from '../../test/support/owned-vault.ts'
import { type Grown, grownVault } from './grown-vaults.ts'
import { callsBesideFirstSearch, callsBesideSearch, timeCheck, timeSearch, timeVerify } from './long-log.ts'
import { timeOpenings } from './opening-activity.ts'
import { openPage, pairedCalls, smallCalls, startUpstream, type Took } from './paired-calls.ts'
import { percentile } from './table.ts'

const SMALL: Grown = { grants: 10, sessions: 1, records: 100 }
const ROUNDS = { rounds: 20, calls: 25 }
/** Calls alone and beside a search: enough that one of a hundred is several. */
const CALLS = 600

/** A figure, in milliseconds, of a small vault or a host that does nothing else, and of a grown one or a busy one. */
interface GrowthRow {
  readonly name: string
  readonly before: number
  readonly after: number
}

/**
 * Print what a page's small call and a look into the log take in a vault that has grown, beside one that has not, in one run.
 *
 * @param records of the long log, which is written once, into a temporary folder. @param browser that Activity is opened in.
 */
export async function printGrowth(records: number, browser: 'chromium' | 'firefox'): Promise<void> {
  const upstream = await startUpstream()
  const small = await grownVault(upstream.url, SMALL)
  try {
    print(await callsAsItGrows('grants 10 → 10,000', { ...SMALL, grants: 10_000 }, small, upstream.url))
    print(
      await callsAsItGrows('sessions 1 → 500', { ...SMALL, sessions: 500, grants: 500 }, small, upstream.url),
    )
    await printLongLog(small, records, upstream.url, browser)
  } finally {
    await small.remove()
    upstream.end()
  }
}

async function printLongLog(
  small: OwnedVault,
  records: number,
  url: string,
  browser: 'chromium' | 'firefox',
): Promise<void> {
  const long = await grownVault(url, { ...SMALL, records })
  try {
    const count = records.toLocaleString('en')
    print(await pairedRows(`records 100 → ${count}`, [small, long], url))
    print(await searchRows(long, url))
    await printVerify([small, long], records)
    const [before, after] = [await timeOpenings(small, browser), await timeOpenings(long, browser)]
    print([
      rowOf('opening Activity, p50', before, after, 0.5),
      rowOf('opening Activity, slowest', before, after, 1),
    ])
  } finally {
    await long.remove()
  }
}

async function callsAsItGrows(
  name: string,
  grown: Grown,
  small: OwnedVault,
  url: string,
): Promise<GrowthRow[]> {
  const vault = await grownVault(url, grown)
  try {
    return await pairedRows(name, [small, vault], url)
  } finally {
    await vault.remove()
  }
}

async function pairedRows(name: string, vaults: [OwnedVault, OwnedVault], url: string): Promise<GrowthRow[]> {
  const pages = [await openPage(vaults[0]), await openPage(vaults[1])] as const
  try {
    const [before, after] = await pairedCalls(pages, url, ROUNDS)
    return callRows(`small call, ${name}`, before, after)
  } finally {
    await Promise.all(pages.map(({ wire }) => wire.close()))
  }
}

function callRows(name: string, before: Took, after: Took): GrowthRow[] {
  return [
    rowOf(`${name}, p50`, before.whole, after.whole, 0.5),
    rowOf(`${name}, p99`, before.whole, after.whole, 0.99),
    rowOf(`${name}, host’s own work, p50`, before.worked, after.worked, 0.5),
  ]
}

/** The first search makes the indexes that later ones read. */
async function searchRows(long: OwnedVault, url: string): Promise<GrowthRow[]> {
  const page = await openPage(long)
  try {
    const alone = await smallCalls(page, url, (made) => made < CALLS)
    const first = await callsBesideFirstSearch(page, url)
    const later = await callsBesideSearch(page, url, CALLS)
    const search = await timeSearch(page.wire)
    return [
      ...callRows('small call beside the first search', alone, first.took),
      ...callRows('small call beside later searches', alone, later),
      { name: 'search of all: the first, beside calls; a later one', before: first.search, after: search },
    ]
  } finally {
    await page.wire.close()
  }
}

async function printVerify([small, long]: [OwnedVault, OwnedVault], records: number): Promise<void> {
  const [start, whole] = [await timeVerify(small.home), await timeVerify(long.home)]
  const page = await openPage(long)
  const check = await timeCheck(page.wire).finally(() => page.wire.close())
  print([{ name: 'valetkey audit verify', before: start, after: whole }])
  const each = (milliseconds: number) => Math.round((1000 * records) / milliseconds).toLocaleString('en')
  console.log(
    `audit verify: ${each(whole - start)} records/s; the control room’s check: ${each(check)} records/s`,
  )
}

function rowOf(name: string, before: readonly number[], after: readonly number[], share: number): GrowthRow {
  return { name, before: percentile(before, share), after: percentile(after, share) }
}

function print(rows: readonly GrowthRow[]): void {
  for (const { name, before, after } of rows) {
    const figures = [before, after].map((each) => `${each.toFixed(2)} ms`.padStart(14)).join('')
    console.log(`${name.padEnd(62)}${figures}${`${(after / before).toFixed(2)} ×`.padStart(12)}`)
  }
}
