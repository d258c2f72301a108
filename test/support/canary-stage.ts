import type { Page } from 'puppeteer-core'
import { type Canary, type Finding, searchFor } from './canary.ts'
import { searchFiles } from './canary-files.ts'
import { heapText, type PageWatch, reachableText } from './canary-page.ts'
import {
  commandLineOf,
  familyOf,
  IN_MEMORY,
  searchMemory,
  searchProcessArguments,
} from './canary-processes.ts'
import type { Stage } from './stage.ts'

/** A page and what was seen of it while it ran. */
export interface WatchedPage {
  name: string
  page: Page
  watch: PageWatch
}

/** One place that was searched. `size` says how much there was to search: nothing searched proves nothing. */
export interface SearchedPlace {
  place: string
  size: string
  findings: Finding[]
}

/** Takes a text that was found at a place, and the forms to search it for; default all. */
type Note = (place: string, found: string, forms?: ReadonlySet<string>) => void

/**
 * Search everything but the memory of the host and of the vault's holder, which are there to hold keys: each page and its
 * network log, the heap of the newest one (those of the others are in the browser's memory), the extension's storage and
 * heap, the files of browser, home and vault, what the command printed, the arguments and environments of every process,
 * and the whole memory of the browser.
 */
export async function searchStage(
  stage: Stage,
  pages: readonly WatchedPage[],
  canaries: readonly Canary[],
): Promise<SearchedPlace[]> {
  const places: SearchedPlace[] = []
  const text: Note = (place, found, forms) => {
    places.push({ place, size: sizeOf(found.length), findings: searchFor(canaries, found, place, forms) })
  }
  for (const { name, page, watch } of pages) {
    text(`${name}: all its scripts can reach`, await reachableText(page))
    text(`${name}: console and network log`, watch.text())
  }
  const newest = stage.browserName === 'chromium' ? pages.at(-1) : undefined
  if (newest !== undefined) text(`${newest.name}: heap`, await pageHeap(newest.page), IN_MEMORY)
  await searchExtension(stage, text)
  text('what the command printed', stage.transcript())
  const { profile, home, valetKeyHome } = stage.home
  for (const [place, folder] of Object.entries({ 'browser profile': profile, home, vault: valetKeyHome })) {
    const { findings, files, bytes } = await searchFiles(folder, canaries)
    places.push({ place: `files: ${place}`, size: `${files} files, ${sizeOf(bytes)}`, findings })
  }
  return [...places, ...(await searchProcesses(stage, canaries))]
}

async function pageHeap(page: Page): Promise<string> {
  const session = await page.createCDPSession()
  try {
    return await heapText(session)
  } finally {
    await session.detach()
  }
}

async function searchExtension(stage: Stage, text: Note): Promise<void> {
  const areas = 'Promise.all([browser.storage.local.get(), browser.storage.session.get()])'
  const stored = await stage.driver.inBackground<string>(`${areas}.then((all) => JSON.stringify(all))`)
  text('extension: storage', stored)
  if (stage.browserName !== 'chromium') return
  const worker = stage.driver.browser.targets().find((target) => target.type() === 'service_worker')
  const session = await worker?.createCDPSession()
  if (session === undefined) throw new Error('the service worker is not running')
  text('extension: heap of the background', await heapText(session), IN_MEMORY)
  await session.detach()
}

async function searchProcesses(stage: Stage, canaries: readonly Canary[]): Promise<SearchedPlace[]> {
  const family = await familyOf(stage.driver.pid)
  if (family.length === 0) return []
  const args = await searchProcessArguments(family, canaries)
  const browser: number[] = []
  for (const pid of family) if (!(await isHost(pid))) browser.push(pid)
  const memory = await searchMemory(browser, canaries)
  return [
    {
      place: 'arguments and environments of browser and host',
      size: `${args.processes} processes`,
      findings: args.findings,
    },
    {
      place: 'memory of the browser',
      size: `${memory.processes} of ${browser.length} processes, ${sizeOf(memory.bytes)}`,
      findings: memory.findings,
    },
  ]
}

/** The host's process: the one process below the browser that runs our program. */
async function isHost(pid: number): Promise<boolean> {
  return (await commandLineOf(pid)).includes('main.mjs')
}

function sizeOf(bytes: number): string {
  if (bytes < 10_000) return `${bytes} bytes`
  if (bytes < 10_000_000) return `${Math.round(bytes / 1000)} kB`
  return `${Math.round(bytes / 1_000_000)} MB`
}
