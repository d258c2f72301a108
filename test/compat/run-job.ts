import type { Page } from 'puppeteer-core'
import { eventually } from '../support/eventually.ts'
import { PROMPT, type RunningService } from './services.ts'

/** What a page holds in place of a key. */
export const PLACEHOLDER = 'placeholder-of-a-page'

/** What `pages/job.js` shows. */
interface Job {
  start(given: { base: string; key: string; prompt: string }): void
  state: { pieces: number; outcome: { result?: unknown; failure?: string } | null }
}

interface JobPage {
  job: Job
}

/** How a job ended. */
export interface JobEnd {
  /** What it gave. */
  readonly result: unknown
  /** Pieces of text it was given, one after the other. */
  readonly pieces: number
  /** Pieces it had while the end of its stream was kept back; 0 where it read no stream. */
  readonly early: number
}

/**
 * Let a page of `pages/` do its job with a service. Streams end only once the page has something of them.
 *
 * @throws what the job threw, in its own words; Error where it does not come to its end.
 */
export async function runJob(
  page: Page,
  { server }: { readonly server: Pick<RunningService['server'], 'url' | 'held' | 'release'> },
): Promise<JobEnd> {
  await page.waitForFunction(() => 'job' in globalThis, { timeout: 30_000 })
  const given = { base: server.url, key: PLACEHOLDER, prompt: PROMPT }
  await page.evaluate((asked) => (globalThis as unknown as JobPage).job.start(asked), given)
  let early = 0
  const look = async () => {
    const isHeld = server.held > 0
    const state = await page.evaluate(() => (globalThis as unknown as JobPage).job.state)
    if (isHeld && state.pieces > 0) {
      early ||= state.pieces
      server.release()
    }
    return state
  }
  const { outcome, pieces } = await eventually(
    'the job is done',
    look,
    (state) => state.outcome !== null,
    30_000,
  )
  if (outcome?.failure !== undefined) throw new Error(outcome.failure)
  return { result: outcome?.result, pieces, early }
}
