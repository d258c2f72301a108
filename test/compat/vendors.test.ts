import { afterAll, beforeAll, expect, test } from 'vitest'
import { onEachBrowser } from '../e2e/scene.ts'
import { type PageServer, startPageServer } from '../support/pages/page-server.ts'
import { arrivalText } from '../support/upstreams/journal.ts'
import { type BundledPages, bundlePages, pageOf } from './bundle-pages.ts'
import { PLACEHOLDER, runJob } from './run-job.ts'
import { startGranted, startVendor, type Vendor } from './vendors/vendor.ts'
import { VENDORS } from './vendors/vendors.ts'
import { versionOf } from './version-of.ts'

/** Packages for the interface of one service, each before a server that speaks it and reads the key where it stands there. */
let bundles: BundledPages
beforeAll(async () => {
  bundles = await bundlePages(VENDORS.map(({ page }) => page))
})
afterAll(() => bundles?.remove())

onEachBrowser('packages of one service, unmodified', (scene) => {
  let site: PageServer
  let strange: PageServer
  beforeAll(async () => {
    const pages = Object.fromEntries(VENDORS.map(({ page }) => [`/${page}`, pageOf(page)]))
    const folders = { '/compat/': bundles.folder }
    ;[site, strange] = [await startPageServer({ pages, folders }), await startPageServer({ pages, folders })]
  })
  afterAll(() => Promise.all([site, strange].map((each) => each?.close())))

  const rows = VENDORS.map((each) => [`${each.package} ${versionOf(each.package)}`, each.job, each] as const)
  test.for(rows)('%s: %s', async ([, , vendor]) => {
    const service = await startGranted(scene, site.origin, vendor)
    const page = await scene.open(`${site.origin}/${vendor.page}`)
    const { result, early } = await runJob(page, service)
    expect(service.faults).toEqual([])
    expect(result).toMatchObject(vendor.returns)
    expect(result).toEqual(await withoutUs(vendor))
    if (vendor.streamed) expect(early, 'it had a beginning before there was an end').toBeGreaterThan(0)
    expect(service.server.journal.calls.length).toBeGreaterThan(0)
    for (const arrival of service.server.journal.calls)
      expect(arrivalText(arrival)).not.toContain(PLACEHOLDER)
    await page.close()
    await service.close()
  })

  /** What the job gives on a site without a grant, with a server that takes its placeholder for a key. */
  async function withoutUs(vendor: Vendor): Promise<unknown> {
    const open = await startVendor(vendor, PLACEHOLDER, true)
    const page = await scene.open(`${strange.originAs('strange.localhost')}/${vendor.page}`)
    const { result } = await runJob(page, open)
    expect(open.faults).toEqual([])
    await page.close()
    await open.close()
    return result
  }
})
