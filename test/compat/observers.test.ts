import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { onEachBrowser } from '../e2e/scene.ts'
import { type PageServer, startPageServer } from '../support/pages/page-server.ts'
import { connectInPopup } from '../support/popup-actions.ts'
import { arrivalText, headerOf } from '../support/upstreams/journal.ts'
import { type BundledPages, bundlePages, pageOf } from './bundle-pages.ts'
import { OBSERVERS } from './observers.ts'
import { PLACEHOLDER, runJob } from './run-job.ts'
import { type RunningServices, startServices } from './services.ts'
import { versionOf } from './version-of.ts'

const MSW = fileURLToPath(new URL('./node_modules/msw/lib', import.meta.url))

onEachBrowser('what watches calls', (scene) => {
  let bundles: BundledPages
  let site: PageServer
  let services: RunningServices
  const sites: PageServer[] = []
  const startSite = async () => {
    const pages = Object.fromEntries(OBSERVERS.map(({ page }) => [`/msw/${page}`, pageOf(page)]))
    const started = await startPageServer({ pages, folders: { '/compat/': bundles.folder, '/msw/': MSW } })
    sites.push(started)
    return started
  }
  beforeAll(async () => {
    bundles = await bundlePages(OBSERVERS.map(({ page }) => page))
    site = await startSite()
    services = await startServices(scene, site.origin, ['notes'])
  })
  afterAll(async () => {
    await services?.close()
    await Promise.all(sites.map((each) => each.close()))
    await bundles?.remove()
  })

  const rows = OBSERVERS.map((each) => [`${each.package} ${versionOf(each.package)}`, each] as const)
  test.for(rows)('%s over us: calls work, and it sees them', async ([, { page: name, over }]) => {
    const page = await scene.open(`${site.origin}/msw/${name}`)
    const { result, early } = await runJob(page, services.of('notes'))
    console.log(JSON.stringify(result))
    expect(result).toMatchObject(over)
    expect(early).toBeGreaterThan(0)
    expectKey()
    await page.close()
  })

  test.for(rows)('%s under us, connected without a reload: calls work', async ([, { page: name, under }]) => {
    const { origin } = await startSite()
    const page = await scene.open(`${origin}/msw/${name}`)
    await connectInPopup(scene.stage.driver, page, origin, 'notes')
    const { result, early } = await runJob(page, services.of('notes'))
    console.log(JSON.stringify(result))
    expect(result).toMatchObject(under)
    expect(early).toBeGreaterThan(0)
    expectKey()
    await page.close()
  })

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
