import type { OwnedVault } from '../../../test/support/owned-vault.ts'
import type { Bench } from '../arena/bench.ts'
import { type Grown, grownVault } from '../grown-vaults.ts'
import { callsBesideFirstSearch, callsBesideSearch, timeCheck, timeVerify } from '../long-log.ts'
import { timeOpenings } from '../opening-activity.ts'
import { openPage, pairedCalls, smallCalls, startUpstream } from '../paired-calls.ts'
import type { RowGroup, RowPlan, Samples, Turns } from './row.ts'

const SMALL: Grown = { grants: 10, sessions: 1, records: 100 }
const ROUNDS = { rounds: 16, calls: 25 }
/** Calls alone and beside a search: enough that one of a hundred is several. */
const CALLS = 400
/** How often the log is verified: once alone would be what the machine did at that moment. */
const VERIFICATIONS = 5

/**
 * What waits in a vault that has grown beside one that has not. Figures: `call`, and of the long log `searched`, `opening`,
 * `verify`, `check`. The long log is written once, into a temporary folder: that takes most of the time.
 */
export const GROWTH: readonly RowGroup[] = [
  grown('grants', '10,000 grants', { ...SMALL, grants: 10_000 }),
  grown('sessions', '500 sessions', { ...SMALL, sessions: 500, grants: 500 }),
  {
    name: 'growth-records',
    kind: 'growth',
    rows: [
      call('records', 'a long log'),
      row('growth-searched', 'small call in the host beside a search of a long log, p50', 'ms', 'searched'),
      row('growth-indexed', 'small call in the host beside the first search of it, p50', 'ms', 'indexed'),
      {
        ...row('growth-opening', 'opening Activity on a long log', 'ms', 'opening'),
        targets: [{ of: 'figure', most: 200 }],
      },
      {
        ...row('growth-verify', '`audit verify`', 'records/s', 'verify'),
        targets: [{ of: 'figure', least: 200_000 }],
      },
      row('growth-check', 'the control room’s check of the log', 'records/s', 'check'),
    ],
    measure: measureRecords,
  },
]

function row(name: string, title: string, unit: RowPlan['unit'], figure: string): RowPlan {
  return { name, title, unit, figure, share: 0.5, targets: [] }
}

function call(name: string, words: string): RowPlan {
  const title = `small call in the host, vault with ${words}, p50`
  return {
    ...row(`growth-${name}-p50`, title, 'ms', 'call'),
    targets: [{ of: 'ratio', against: 'a small vault', most: 1.1 }],
  }
}

function grown(name: string, words: string, size: Grown): RowGroup {
  return {
    name: `growth-${name}`,
    kind: 'growth',
    rows: [call(name, words)],
    measure: () => besideSmall(size, async (vaults, url) => ({ call: await calls(vaults, url) })),
  }
}

/** Measure on a small vault and a grown one, and remove both. */
async function besideSmall(
  size: Grown,
  measure: (vaults: [small: OwnedVault, grown: OwnedVault], url: string) => Promise<Samples>,
): Promise<Samples> {
  const upstream = await startUpstream()
  const small = await grownVault(upstream.url, SMALL)
  const large = await grownVault(upstream.url, size)
  try {
    return await measure([small, large], upstream.url)
  } finally {
    await Promise.all([small.remove(), large.remove()])
    upstream.end()
  }
}

async function calls([small, large]: [OwnedVault, OwnedVault], url: string): Promise<Samples[string]> {
  const pages = [await openPage(small), await openPage(large)] as const
  try {
    const [before, after] = await pairedCalls(pages, url, ROUNDS)
    return { valetkey: inRounds(after.whole), 'a small vault': inRounds(before.whole) }
  } finally {
    await Promise.all(pages.map(({ wire }) => wire.close()))
  }
}

/** As they were made: so many calls of each in turns. */
function inRounds(all: readonly number[]): Turns {
  return Array.from({ length: ROUNDS.rounds }, (_, at) =>
    all.slice(at * ROUNDS.calls, (at + 1) * ROUNDS.calls),
  )
}

function measureRecords(bench: Bench): Promise<Samples> {
  const { records } = bench
  return besideSmall({ ...SMALL, records }, async ([small, long], url) => {
    const call = await calls([small, long], url)
    const searches = await beside(long, url)
    const verified = await verifications(small, long)
    const page = await openPage(long)
    const check = await timeCheck(page.wire).finally(() => page.wire.close())
    const perSecond = (milliseconds: number) => (1000 * records) / milliseconds
    const opening = { valetkey: await openings(long, bench) }
    return {
      call,
      ...searches,
      opening,
      verify: { valetkey: verified.map((took) => [perSecond(took)]) },
      check: { valetkey: [[perSecond(check)]] },
    }
  })
}

/** Of the long log in turns with a short one, whose start of the command is taken off. @returns milliseconds of each turn. */
async function verifications(small: OwnedVault, long: OwnedVault): Promise<number[]> {
  const took: number[] = []
  for (let turn = 0; turn < VERIFICATIONS; turn += 1) {
    const start = await timeVerify(small.home)
    took.push((await timeVerify(long.home)) - start)
  }
  return took
}

/** Of Activity; none where it could not be opened: the other rows took long to come by. */
async function openings(vault: OwnedVault, { browser, unmeasured }: Bench): Promise<Turns> {
  try {
    return [await timeOpenings(vault, browser)]
  } catch (error) {
    unmeasured.push('growth-opening')
    console.error(`Activity could not be opened: ${error instanceof Error ? error.message : String(error)}`)
    return [[]]
  }
}

/** Calls while the owner searches; the first search makes the indexes that later ones read. */
async function beside(long: OwnedVault, url: string): Promise<Samples> {
  const page = await openPage(long)
  try {
    const alone = [(await smallCalls(page, url, (made) => made < CALLS)).whole]
    const first = await callsBesideFirstSearch(page, url)
    const later = await callsBesideSearch(page, url, CALLS)
    return {
      indexed: { valetkey: [first.took.whole], 'without a search': alone },
      searched: { valetkey: [later.whole], 'without a search': alone },
    }
  } finally {
    await page.wire.close()
  }
}
