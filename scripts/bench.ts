import { parseArgs } from 'node:util'
import { setUpStage } from '../test/support/stage.ts'
import { type BenchPages, openBenchPages } from './bench/bench-pages.ts'
import { measureColdStarts } from './bench/cold-start.ts'
import { printGrowth } from './bench/growth.ts'
import { measureBodies, measureSmallCalls, measureStreams } from './bench/measure.ts'
import { percentile, printTable, type Row, row } from './bench/table.ts'

/** Records of the log that is long, where nobody names another number. */
const MANY = '1000000'

/**
 * `npm run bench`: a page's calls through the built product against the same calls direct, interleaved, in one run; and what calls
 * and the log's owner wait for in a vault that has grown against one that has not. `--part calls` or `--part growth`: only that.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      browser: { type: 'string', default: 'chromium' },
      part: { type: 'string', default: 'both' },
      records: { type: 'string', default: MANY },
    },
  })
  const browser = values.browser === 'firefox' ? 'firefox' : 'chromium'
  if (values.part !== 'growth') await printCalls(browser)
  if (values.part !== 'calls') await printGrowth(Number(values.records), browser)
}

async function printCalls(browser: 'chromium' | 'firefox'): Promise<void> {
  const stage = await setUpStage({ browser, grantedOrigins: ['http://127.0.0.1'] })
  try {
    const pages = await openBenchPages(stage)
    try {
      console.log(`${await stage.driver.browser.version()}, Node ${process.version}, ${process.platform}`)
      printTable(await measureAll(pages))
      const starts = await measureColdStarts(stage)
      console.log(`cold start of the host, to its first frame: p50 ${percentile(starts, 0.5).toFixed(0)} ms`)
    } finally {
      await pages.close()
    }
  } finally {
    await stage.close()
  }
}

async function measureAll(pages: BenchPages): Promise<Row[]> {
  const small = await measureSmallCalls(pages, 20, 25)
  const streams = await measureStreams(pages, 12)
  const bodies = await measureBodies(pages, 4, 48)
  return [
    row('small JSON call, p50', 'ms', small, 0.5),
    row('small JSON call, p95', 'ms', small, 0.95),
    row('stream, time to first chunk, p50', 'ms', streams.first, 0.5),
    row('stream, delay of a chunk, p50', 'ms', streams.delay, 0.5),
    row('stream, delay of a chunk, p95', 'ms', streams.delay, 0.95),
    row('large body down, median', 'MB/s', bodies, 0.5),
  ]
}

await main()
