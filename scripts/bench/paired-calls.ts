import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { Wire } from '../../test/bench/fairness-wire.ts'
import type { OwnedVault } from '../../test/support/owned-vault.ts'
import { SITE } from './grown-vaults.ts'

const MAIN = fileURLToPath(new URL('../../native-host/main.ts', import.meta.url))
const UPSTREAM = fileURLToPath(new URL('../../test/bench/fairness-upstream.ts', import.meta.url))

/** A service in a process of its own. */
export async function startUpstream(): Promise<{ url: string; end(): void }> {
  const child = fork(UPSTREAM)
  const port = await new Promise((resolve) => child.once('message', resolve))
  return { url: `http://127.0.0.1:${port}/v1`, end: () => child.disconnect() }
}

/** A page of the site on a host of its own. */
export interface CallingPage {
  readonly wire: Wire
  readonly document: number
}

/** Start a host on a vault and open a page of the site. */
export async function openPage({ home }: Pick<OwnedVault, 'home'>): Promise<CallingPage> {
  const wire = await Wire.start([process.execPath, MAIN, '--home', home])
  return { wire, document: await wire.document(SITE) }
}

/** What calls took: by the clock, and for how long the host itself worked on each, milliseconds. */
export interface Took {
  readonly whole: number[]
  readonly worked: number[]
}

/** Small calls, one after another. @param goesOn asked before each. */
export async function smallCalls(
  page: CallingPage,
  url: string,
  goesOn: (made: number) => boolean,
): Promise<Took> {
  const { wire, document } = page
  const took: Took = { whole: [], worked: [] }
  while (goesOn(took.whole.length)) {
    const before = wire.schedule().worked
    const started = performance.now()
    const ended = await wire.ask(document, `${url}/small`).over
    if (ended !== 'end') throw new Error(`a small call ended with ${ended}`)
    took.whole.push(performance.now() - started)
    took.worked.push(wire.schedule().worked - before)
  }
  return took
}

/** The same calls of two pages in turns, so that both meet the same machine; the first round is not counted. */
export async function pairedCalls(
  pages: readonly [CallingPage, CallingPage],
  url: string,
  { rounds, calls }: { rounds: number; calls: number },
): Promise<[Took, Took]> {
  const all: [Took, Took] = [
    { whole: [], worked: [] },
    { whole: [], worked: [] },
  ]
  for (let round = 0; round <= rounds; round += 1) {
    const order = round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)
    for (const which of order) {
      const { whole, worked } = await smallCalls(pages[which], url, (made) => made < calls)
      if (round === 0) continue
      all[which].whole.push(...whole)
      all[which].worked.push(...worked)
    }
  }
  return all
}
