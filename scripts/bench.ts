import { parseArgs } from 'node:util'
import { Bench } from './bench/arena/bench.ts'
import { writeReport } from './bench/report/json.ts'
import { type Line, linesOf } from './bench/report/line.ts'
import { machineWords, thisMachine } from './bench/report/machine.ts'
import { printLines, printMarkdown, printMissed } from './bench/report/print.ts'
import { chooseGroups, listGroups } from './bench/rows/choose.ts'
import { GROUPS } from './bench/rows/registry.ts'
import type { RowGroup } from './bench/rows/row.ts'
import { writeBaseline } from './bench/write-baseline.ts'

/** Audit records of the vault that has grown, where nobody names another number. */
const MANY = '1000000'

/**
 * `npm run bench [-- NAME…] [--list] [--browser firefox] [--json FILE] [--markdown] [--records N]`: the built product beside what
 * it is held against, in turns, in one run. NAME: a row, a group of rows that are measured together, or a kind of groups.
 * `--write-baseline`: measures the ratios that the tests hold the product to, and writes them down. `--json`: see `report/json.ts`. `--markdown`: the table for the README.
 */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: {
      list: { type: 'boolean', default: false },
      browser: { type: 'string', default: 'chromium' },
      json: { type: 'string' },
      markdown: { type: 'boolean', default: false },
      records: { type: 'string', default: MANY },
      'write-baseline': { type: 'boolean', default: false },
    },
    allowPositionals: true,
  })
  if (values.list) {
    console.log(listGroups(GROUPS))
    return 0
  }
  if (values['write-baseline']) {
    await writeBaseline()
    return 0
  }
  const { browser } = values
  if (browser !== 'chromium' && browser !== 'firefox')
    throw new Error(`\`--browser\` is chromium or firefox, not \`${browser}\``)
  const groups = chooseGroups(GROUPS, positionals, browser)
  const machine = await thisMachine()
  const bench = new Bench(browser, Number(values.records))
  endWithSignals(bench)
  const lines: Line[] = []
  const failed: string[] = []
  try {
    for (const group of groups) {
      // What can be measured is, and said, whatever another group fails with.
      const found = await measured(group, bench).catch((error: unknown) => {
        console.error(`\n${group.name} FAILED: ${error instanceof Error ? error.message : String(error)}`)
        return null
      })
      if (found === null) failed.push(group.name)
      else lines.push(...found)
    }
  } finally {
    await bench.close()
  }
  const measuredOn = { ...machine, browser: bench.browserVersion }
  console.log(`\n${machineWords(measuredOn)}`)
  printMissed(lines)
  if (values.markdown) printMarkdown(measuredOn, lines)
  if (values.json !== undefined) await writeReport(values.json, measuredOn, lines)
  const left = [...failed, ...bench.unmeasured]
  if (left.length > 0) console.error(`\nnot measured: ${left.join(', ')}`)
  return left.length > 0 ? 1 : 0
}

/** Whoever stops a run leaves no browser and no key holder behind: they are processes of their own. */
function endWithSignals(bench: Bench): void {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)
    process.once(signal, () => void bench.close().finally(() => process.exit(code)))
}

async function measured(group: RowGroup, bench: Bench): Promise<Line[]> {
  const started = performance.now()
  const lines = linesOf(group, await group.measure(bench))
  console.log(`\n${group.name} (${((performance.now() - started) / 1000).toFixed(0)} s)`)
  printLines(lines)
  return lines
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
