import { expect, test } from 'vitest'
import { done, times } from '../../support/hard.ts'
import { type Arrival, headerOf } from '../../support/upstreams/journal.ts'
import { call } from '../in-page.ts'
import type { Scene } from '../scene.ts'
import { extensionErrors } from './extension-errors.ts'
import { allPoisons, type Poison } from './poisons.ts'
import {
  CALLS,
  FIRST_CALL,
  type SpoiledOutcome,
  type Spoiling,
  spoilFrames,
  targetOf,
  type When,
} from './spoiled-frames.ts'
import { type PageSide, PLACEHOLDER } from './stage.ts'

/** Frames that one page holds before it is left for a new one. */
const FRAMES_A_PAGE = 80
const NOTHING: Poison = { name: 'nothing', source: '' }

/**
 * Some of each list in the usual run; everything in every manner in the hard one. The usual step shares no factor with the
 * number of manners: otherwise it would only ever meet one of them.
 */
function plan(): Spoiling[] {
  const every = times(25, 1)
  const isChosen = ({ name }: Poison, at: number) =>
    at % every === 0 || !/[.[]/.test(name) || (name.includes('polluted') && at % 2 === 0)
  const whens: When[] = ['later', 'after', 'before']
  const chosen = [NOTHING, ...allPoisons().filter(isChosen)]
  const all = whens.flatMap((when) => chosen.map((poison) => ({ ...poison, when })))
  // Chromium 156 stands still in a window whose globals were replaced before its first document, without any extension too.
  return all.filter(({ name, when }) => when !== 'before' || !name.startsWith('globalThis.'))
}

/** What a page can do by replacing the platform around our script. */
export function defineSpoiling(scene: Scene, side: () => PageSide): void {
  test('a page that spoils its own world spoils nothing else, and gains nothing', async () => {
    const { upstream, sites } = side()
    upstream.journal.clear()
    const spoilings = plan()
    const outcomes: SpoiledOutcome[] = []
    for (let from = 0; from < spoilings.length; from += FRAMES_A_PAGE) {
      const page = await scene.open(`${sites.bank}/`)
      // Until the host has started nothing is answered, and what is slow cannot be told from what is broken.
      expect(await call(page, `${upstream.url}${FIRST_CALL}`)).toMatchObject({ status: 200 })
      outcomes.push(
        ...(await spoilFrames(page, spoilings.slice(from, from + FRAMES_A_PAGE), upstream.url, PLACEHOLDER)),
      )
      // The page itself, and so what serves it, is as it was.
      expect(await call(page, `${upstream.url}${FIRST_CALL}`)).toMatchObject({
        status: 200,
        problem: null,
      })
      await page.close()
    }
    expect(outcomes.filter(({ name, ends }) => name === 'nothing' && ends.includes(''))).toEqual([])
    expect(offences(upstream.journal.calls, upstream.url, outcomes)).toEqual([])
    // Most of what was spoiled hinders nobody: were these calls not there, nothing would have been looked at.
    expect(caughtFrom(upstream.journal.calls, ['after', 'later'])).toBeGreaterThan(spoilings.length / 2)
    expect(await extensionErrors(scene.stage)).toEqual([])
    const kept = outcomes.filter(({ isKept }) => isKept)
    expect(kept.filter(({ when }) => when === 'before').length).toBeGreaterThan(40)
    done(`calls from windows a page had spoiled, in ${scene.browserName}`, kept.length * CALLS.length)
    done(
      `things a page spoiled, each before our script, after it and later, in ${scene.browserName}`,
      new Set(kept.map(({ name }) => name)).size - 1,
    )
  })
}

/** How many caught calls arrived from windows spoiled then. */
function caughtFrom(arrivals: readonly Arrival[], whens: readonly When[]): number {
  const isThen = ({ target }: Arrival) => whens.some((when) => target.startsWith(`/v1/small?${when}%20`))
  return arrivals.filter(isThen).length
}

/** What arrived and should not have: each with its reason. */
function offences(arrivals: readonly Arrival[], api: string, outcomes: readonly SpoiledOutcome[]): string[] {
  const found: string[] = []
  const asked = new Map(
    outcomes.flatMap((outcome) =>
      CALLS.map(
        (kind, at) => [targetOf(api, at, outcome).slice(api.length), { kind, at, ...outcome }] as const,
      ),
    ),
  )
  const plain = (at: number, when: When) =>
    arrivals.find(({ target }) => target === targetOf(api, at, { ...NOTHING, when }).slice(api.length))
  for (const arrival of arrivals) {
    const it = asked.get(arrival.target)
    const isOurs =
      !headerOf(arrival, 'authorization')?.includes(PLACEHOLDER) && headerOf(arrival, 'origin') === null
    if (it === undefined) {
      if (arrival.target !== FIRST_CALL) found.push(`nobody asked for ${arrival.method} ${arrival.target}`)
      continue
    }
    const label = `${it.when} ${it.name}: ${it.kind}`
    const isCaught = it.at < 2
    if (isOurs !== isCaught && !(it.when === 'before' && isCaught))
      found.push(`${label} was sent by ${isOurs ? 'the host' : 'the page'}`)
    const like = plain(it.at, it.when)
    if (like === undefined) found.push(`${label}: nothing to compare with`)
    else if (isOurs) found.push(...widerThan(arrival, like).map((what) => `${label}: ${what}`))
  }
  return found
}

/** What one request has that another has not. */
function widerThan(one: Arrival, other: Arrival): string[] {
  const lines = ({ headers }: Arrival) =>
    new Set(headers.map(([name, value]) => `${name.toLowerCase()}: ${value}`))
  const more = [...lines(one)]
    .filter((line) => !lines(other).has(line))
    .filter((line) => !/^(content-length|host|connection|transfer-encoding): /.test(line))
  if (one.method !== other.method) more.push(`method ${one.method}`)
  if (one.bodyBytes > 0 && !one.body.equals(other.body)) more.push(`body ${one.body.toString('latin1')}`)
  return more
}
