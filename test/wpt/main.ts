import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { BrowserName } from '../../scripts/find-browser.ts'
import { MODES, type Mode, openRoom } from './modes.ts'
import { type PageResult, runPage } from './run-page.ts'
import { serveSuite } from './serve.ts'
import { pagesOf, type SuitePage } from './tests-of.ts'

/**
 * `node test/wpt/main.ts --checkout DIR`: the fetch and xhr suites of a checkout of web-platform-tests, in one browser, natively
 * and with the extension, compared.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      checkout: { type: 'string' },
      browser: { type: 'string', default: 'chromium' },
      mode: { type: 'string', multiple: true, default: [...MODES] },
      folder: { type: 'string', multiple: true, default: ['fetch/api', 'xhr'] },
      only: { type: 'string', default: '' },
      workers: { type: 'boolean', default: false },
      out: { type: 'string', default: 'wpt-results.json' },
    },
  })
  if (values.checkout === undefined) throw new Error('say where the checkout is: --checkout DIR')
  const checkout = resolve(values.checkout)
  const scratch = await mkdtemp(join(tmpdir(), 'valetkey-wpt-'))
  const server = await serveSuite(checkout, scratch)
  try {
    const all = await pagesOf(checkout, values.folder, values.workers)
    const pages = all.filter(({ path }) => path.includes(values.only))
    const browser = values.browser === 'firefox' ? 'firefox' : 'chromium'
    const seen: Partial<Record<Mode, Outcome>> = {}
    for (const mode of values.mode as Mode[]) seen[mode] = await runMode(browser, mode, server.origin, pages)
    await writeFile(values.out, JSON.stringify(seen, null, 1))
    for (const mode of values.mode as Mode[]) compare(mode, seen)
  } finally {
    await server.close()
    await rm(scratch, { recursive: true, force: true })
  }
}

interface Outcome {
  results: Record<string, PageResult>
  messages: Record<string, string>
}

async function runMode(
  name: BrowserName,
  mode: Mode,
  origin: string,
  pages: readonly SuitePage[],
): Promise<Outcome> {
  const room = await openRoom(name, mode, origin)
  const messages = new Map<string, string>()
  const results: Record<string, PageResult> = {}
  try {
    for (const page of pages) results[page.path] = await runPage(room.browser, origin, page, messages)
  } finally {
    await room.close()
  }
  const passed = Object.values(results)
    .flatMap(Object.values)
    .filter((status) => status === 'PASS').length
  console.log(`${name}, ${mode}: ${pages.length} pages, ${passed} tests passed`)
  return { results, messages: Object.fromEntries(messages) }
}

/** Every test whose result is not the native one. */
function compare(mode: Mode, seen: Partial<Record<Mode, Outcome>>): void {
  const [native, other] = [seen.native, seen[mode]]
  if (native === undefined || other === undefined || mode === 'native') return
  let differing = 0
  for (const [path, result] of Object.entries(native.results)) {
    const names = new Set([...Object.keys(result), ...Object.keys(other.results[path] ?? {})])
    for (const name of names) {
      const [before, after] = [result[name] ?? 'ABSENT', other.results[path]?.[name] ?? 'ABSENT']
      if (before === after) continue
      differing++
      const key = name === 'page' ? path : path + name
      console.log(
        `${mode}\t${before} -> ${after}\t${key}\t${other.messages[key] ?? native.messages[key] ?? ''}`,
      )
    }
  }
  console.log(`${mode}: ${differing} results differ from the native ones`)
}

await main()
