import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { BrowserName } from '../../scripts/find-browser.ts'
import { compare, differencesOf } from './compare.ts'
import { type KeptResults, keptResults } from './kept-results.ts'
import { MODES, type Mode, openRoom, type Room } from './modes.ts'
import { runPage } from './run-page.ts'
import { serveSuite } from './serve.ts'
import { pagesOf, type SuitePage } from './tests-of.ts'

/**
 * `node test/wpt/main.ts --checkout DIR`: the fetch, xhr, eventsource and beacon suites of a checkout of web-platform-tests, in
 * one browser, natively and with the extension, compared. What `--out` has seen is not shown again; pages that differ are
 * shown `--again` times more in both modes, and what no showing agrees on is a difference. `--patience`: how many times
 * longer than the suite says a test may take, for a machine that has other things to do. Two runs at once need two `--port`s.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      checkout: { type: 'string' },
      browser: { type: 'string', default: 'chromium' },
      mode: { type: 'string', multiple: true, default: [...MODES] },
      folder: { type: 'string', multiple: true, default: ['fetch/api', 'xhr', 'eventsource', 'beacon'] },
      only: { type: 'string', default: '' },
      workers: { type: 'boolean', default: false },
      again: { type: 'string', default: '2' },
      minutes: { type: 'string', default: '600' },
      patience: { type: 'string', default: '1' },
      port: { type: 'string', default: '8000' },
      out: { type: 'string', default: 'wpt-results.ndjson' },
    },
  })
  if (values.checkout === undefined) throw new Error('say where the checkout is: --checkout DIR')
  const checkout = resolve(values.checkout)
  const scratch = await mkdtemp(join(tmpdir(), 'valetkey-wpt-'))
  const patience = Number(values.patience)
  const server = await serveSuite(checkout, scratch, { patience, port: Number(values.port) })
  try {
    const all = await pagesOf(checkout, values.folder, values.workers)
    const run: Run = {
      browser: values.browser === 'firefox' ? 'firefox' : 'chromium',
      origin: server.origin,
      pages: all.filter(({ path }) => path.includes(values.only)),
      kept: await keptResults(values.out),
      patience,
      until: Date.now() + Number(values.minutes) * 60_000,
    }
    const modes = values.mode as Mode[]
    for (const mode of modes) await show(run, mode, ({ path }) => run.kept.of(mode, path).length < 1)
    for (let time = 2; time <= Number(values.again) + 1; time++) await showAgain(run, modes, time)
    for (const mode of modes) report(run, mode)
  } finally {
    await server.close()
    await rm(scratch, { recursive: true, force: true })
  }
}

interface Run {
  readonly browser: BrowserName
  readonly origin: string
  readonly pages: readonly SuitePage[]
  readonly kept: KeptResults
  /** How many times longer than the suite says its tests may take. */
  readonly patience: number
  /** When to begin no further page. */
  readonly until: number
}

/** Show once more, natively too, what differs so far. */
async function showAgain(run: Run, modes: readonly Mode[], time: number): Promise<void> {
  const differs = (mode: Mode, { path }: SuitePage) => differencesOf(run.kept, mode, path).length > 0
  const chosen = new Map(modes.map((mode) => [mode, run.pages.filter((page) => differs(mode, page))]))
  const doubtful = new Set([...chosen.values()].flat())
  for (const mode of modes) {
    const pages = mode === 'native' ? doubtful : new Set(chosen.get(mode))
    await show(run, mode, (page) => pages.has(page) && run.kept.of(mode, page.path).length < time)
  }
}

async function show(run: Run, mode: Mode, isWanted: (page: SuitePage) => boolean): Promise<void> {
  const wanted = run.pages.filter(isWanted)
  let room: Room | null = null
  try {
    for (const page of wanted) {
      if (Date.now() > run.until) break
      room ??= await openRoom(run.browser, mode, run.origin)
      try {
        const showing = await runPage(room.browser, run, page)
        await run.kept.add({ mode, path: page.path, ...showing })
      } catch (error) {
        console.log(`${mode}\t${page.path}\tthe browser is gone: ${error}`)
        await room.close().catch(() => {})
        room = null
      }
    }
  } finally {
    await room?.close()
  }
}

function report({ browser, kept, pages }: Run, mode: Mode): void {
  const { differences, passed, tests, pages: shown } = compare(kept, mode, pages)
  for (const { natively, found, path, name, message } of differences) {
    console.log(`${mode}\t${natively} -> ${found}\t${name === 'page' ? path : path + name}\t${message}`)
  }
  const words = mode === 'native' ? '' : `, ${differences.length} results differ from the native ones`
  console.log(
    `${browser}, ${mode}: ${shown} of ${pages.length} pages, ${passed} of ${tests} tests passed${words}`,
  )
}

await main()
