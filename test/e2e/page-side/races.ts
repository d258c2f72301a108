import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { done, times } from '../../support/hard.ts'
import { startRaceServer, startRaceUpstream } from '../../support/pages/race-server.ts'
import type { Scene } from '../scene.ts'

/** Frames of one page that race at once, beside two tabs. */
const FRAMES = 6
const TABS = 2

/** Documents that are left in the middle of their calls. */
export function defineRaces(scene: Scene): void {
  test('nothing of an answer reaches the document that comes after the one that asked', {
    timeout: times(300_000, 3_600_000),
  }, async () => {
    const key = scene.canary('race', 'sk-')
    const upstream = await startRaceUpstream(key)
    const names = ['bank.localhost', 'other.localhost'] as const
    const length = times(4, 65)
    const server = await startRaceServer({ api: `${upstream.url}/v1`, length, names })
    const origin = `http://${names[0]}:${server.port}`
    const { valetkey } = scene.stage
    const base = ['--base-url', `${upstream.url}/v1`, '--auth', 'bearer', '--local', '--secret-stdin']
    await valetkey.ask(['service', 'add', 'race', ...base], key)
    await valetkey.ask(['capability', 'add', 'race', '--service', 'race', '--allow', '* /v1/**'])
    await scene.grant(origin, 'race')
    try {
      const hub = await scene.open(`${origin}/hub?chain=hub`)
      await hub.evaluate(startChains, FRAMES, TABS)
      // Browsers slow the timers of tabs that are not shown.
      await hub.bringToFront()
      const numbered = (kind: string, count: number) =>
        Array.from({ length: count }, (_, at) => `${kind}${at}`)
      const chains = [...numbered('frame', FRAMES), ...numbered('tab', TABS)]
      await eventually(
        'every chain came to its end',
        () => chains.map((chain) => server.documents.get(chain) ?? 0),
        (counts) => counts.every((count) => count > length),
        times(200_000, 3_000_000),
      )
      await eventually(
        'answers do reach those who asked',
        () => server.heard.count,
        (count) => count > chains.length,
      )
      await new Promise((resolve) => setTimeout(resolve, 300))
      await closeRacers(scene)
      expect(server.offences).toEqual([])
      await eventually(
        'the API has nobody left',
        () => upstream.journal.calls.filter(({ outcome }) => outcome === 'open').length,
        (open) => open === 0,
      )
      expect(upstream.journal.calls.filter(({ outcome }) => outcome === 'cut').length).toBeGreaterThan(length)
      const left = await eventually(
        'the host has no document left of them',
        () => documentsIn(scene),
        ({ told, gone }) => told - gone < 4,
        // A beacon that was asked for before the list came keeps its document for up to half a minute.
        60_000,
      )
      expect(left.told).toBeGreaterThan(length)
      const navigations = [...server.documents.values()].reduce((sum, count) => sum + count - 1, 0)
      done(`navigations in the middle of five calls, in ${scene.browserName}`, navigations)
      for (const [way, count] of server.ways)
        done(`navigations by \`${way}\`, in ${scene.browserName}`, count)
    } finally {
      await closeRacers(scene)
      await Promise.all([server.close(), upstream.close()])
    }
  })
}

async function closeRacers(scene: Scene): Promise<void> {
  const pages = await scene.stage.driver.browser.pages()
  await Promise.all(pages.filter((page) => page.url().includes('?chain=')).map((page) => page.close()))
}

/** Runs in the hub. Tabs are opened by it, so that their history begins with the first document of the chain. */
function startChains(frames: number, tabs: number): void {
  for (let at = 0; at < frames; at++) {
    document.body.append(Object.assign(document.createElement('iframe'), { src: `/race?chain=frame${at}` }))
  }
  for (let at = 0; at < tabs; at++) open(`/race?chain=tab${at}`, '_blank', 'noopener')
}

/** Documents the host was told of, and told were gone. */
async function documentsIn(scene: Scene): Promise<{ told: number; gone: number }> {
  const text = await readFile(scene.stage.wire ?? '', 'latin1')
  const count = (type: string) => text.split(`{"type":"${type}",`).length - 1
  return { told: count('document'), gone: count('document-gone') }
}
