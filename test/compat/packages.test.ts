import { afterAll, beforeAll, expect, test } from 'vitest'
import { onEachBrowser } from '../e2e/scene.ts'
import { type PageServer, startPageServer } from '../support/pages/page-server.ts'
import { arrivalText, headerOf } from '../support/upstreams/journal.ts'
import { type BundledPages, bundlePages, pageOf } from './bundle-pages.ts'
import { CASES } from './cases.ts'
import { PLACEHOLDER, runJob } from './run-job.ts'
import { type RunningServices, SERVICES, startServices } from './services.ts'
import { versionOf } from './version-of.ts'

onEachBrowser('packages, unmodified', (scene) => {
  let bundles: BundledPages
  let site: PageServer
  let services: RunningServices
  beforeAll(async () => {
    bundles = await bundlePages(CASES.map(({ page }) => page))
    const pages = Object.fromEntries(CASES.map(({ page }) => [`/${page}`, pageOf(page)]))
    site = await startPageServer({ pages, folders: { '/compat/': bundles.folder } })
    services = await startServices(scene, site.origin)
  })
  afterAll(async () => {
    await services?.close()
    await site?.close()
    await bundles?.remove()
  })

  const rows = CASES.map((each) => [`${each.package} ${versionOf(each.package)}`, each.job, each] as const)
  test.for(rows)('%s: %s', async ([, , row]) => {
    const service = services.of(row.service)
    const before = service.server.journal.calls.length
    const page = await scene.open(`${site.origin}/${row.page}`)
    const { result, early } = await runJob(page, service)
    expect(result).toMatchObject(row.returns)
    if (row.streamed) expect(early, 'it had a beginning before there was an end').toBeGreaterThan(0)
    const arrivals = service.server.journal.calls.slice(before)
    expect(arrivals.length).toBeGreaterThan(0)
    for (const arrival of arrivals) {
      expect(headerOf(arrival, SERVICES[row.service].header)).toBe(service.credential)
      expect(arrivalText(arrival)).not.toContain(PLACEHOLDER)
    }
    await page.close()
  })
})
