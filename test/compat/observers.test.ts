import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { onEachBrowser } from '../e2e/scene.ts'
import { type PageServer, startPageServer } from '../support/pages/page-server.ts'
import { connectInPopup } from '../support/popup-actions.ts'
import { arrivalText, headerOf } from '../support/upstreams/journal.ts'
import { type BundledPages, bundlePages, pageOf } from './bundle-pages.ts'
import { OBSERVERS } from './observers.ts'
import { PLACEHOLDER, runJob } from './run-job.ts'
import { type RunningServices, startOpenNotes, startServices } from './services.ts'
import { versionOf } from './version-of.ts'

const MSW = fileURLToPath(new URL('./node_modules/msw/lib', import.meta.url))

let bundles: BundledPages
beforeAll(async () => {
  bundles = await bundlePages(OBSERVERS.map(({ page }) => page))
})
afterAll(() => bundles?.remove())

onEachBrowser('what watches calls', (scene) => {
  let site: PageServer
  let services: RunningServices
  let open: Awaited<ReturnType<typeof startOpenNotes>>
  const sites: PageServer[] = []
  const startSite = async () => {
    const pages = Object.fromEntries(OBSERVERS.map(({ page }) => [`/msw/${page}`, pageOf(page)]))
    const started = await startPageServer({ pages, folders: { '/compat/': bundles.folder, '/msw/': MSW } })
    sites.push(started)
    return started
  }
  beforeAll(async () => {
    site = await startSite()
    services = await startServices(scene, site.origin, ['notes'])
    open = await startOpenNotes(PLACEHOLDER)
  })
  afterAll(async () => {
    await services?.close()
    await open?.close()
    await Promise.all(sites.map((each) => each.close()))
  })

  const rows = OBSERVERS.map((each) => [`${each.package} ${versionOf(each.package)}`, each] as const)
  test.for(rows)('%s over us sees what it sees without us', async ([, { page, over }]) => {
    const native = await withoutUs(page)
    const { result, early } = await runJob(
      await scene.open(`${site.origin}/msw/${page}`),
      services.of('notes'),
    )
    expect(result).toEqual({ ...native, ...over.result })
    expect(early).toBeGreaterThan(0)
    expectKey()
  })

  test.for(rows)('%s under us, connected without a reload: calls work', async ([, { page, under }]) => {
    const native = await withoutUs(page)
    // A host of its own: Firefox registers scripts for all ports of a host.
    const origin = (await startSite()).originAs(`${page}.localhost`)
    const tab = await scene.open(`${origin}/msw/${page}`)
    await connectInPopup(scene.stage.driver, tab, origin, 'notes')
    const { result, early } = await runJob(tab, services.of('notes'))
    expect(result).toEqual({ ...native, ...under.result })
    expect(early).toBeGreaterThan(0)
    expectKey()
  })

  /** What a page's job gives on a site without a grant, with a service that takes its placeholder for a key. */
  async function withoutUs(name: string): Promise<Record<string, unknown>> {
    const origin = (await startSite()).originAs('strange.localhost')
    const page = await scene.open(`${origin}/msw/${name}`)
    const { result } = await runJob(page, open)
    await page.close()
    // What watches sees something at least where we are not; MSW does not say what it saw.
    expect(result).not.toMatchObject({ seen: [] })
    return result as Record<string, unknown>
  }

  function expectKey(): void {
    const { server, credential } = services.of('notes')
    const arrivals = server.journal.calls
    expect(arrivals.length).toBeGreaterThanOrEqual(3)
    for (const arrival of arrivals) {
      expect(headerOf(arrival, 'authorization')).toBe(credential)
      expect(arrivalText(arrival)).not.toContain(PLACEHOLDER)
    }
    server.journal.clear()
  }
})
