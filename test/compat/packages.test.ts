import { afterAll, beforeAll, expect, test } from 'vitest'
import { onEachBrowser } from '../e2e/scene.ts'
import { type PageServer, startPageServer } from '../support/pages/page-server.ts'
import { arrivalText, headerOf } from '../support/upstreams/journal.ts'
import { type BundledPages, bundlePages, pageOf } from './bundle-pages.ts'
import { CASES } from './cases.ts'
import { PLACEHOLDER, runJob } from './run-job.ts'
import { type RunningServices, SERVICES, startOpenNotes, startServices } from './services.ts'
import { versionOf } from './version-of.ts'

let bundles: BundledPages
beforeAll(async () => {
  bundles = await bundlePages(CASES.map(({ page }) => page))
})
afterAll(() => bundles?.remove())

onEachBrowser('packages, unmodified', (scene) => {
  let site: PageServer
  let services: RunningServices
  let strange: PageServer
  let open: Awaited<ReturnType<typeof startOpenNotes>>
  beforeAll(async () => {
    const pages = Object.fromEntries(CASES.map(({ page }) => [`/${page}`, pageOf(page)]))
    const folders = { '/compat/': bundles.folder }
    ;[site, strange] = [await startPageServer({ pages, folders }), await startPageServer({ pages, folders })]
    services = await startServices(scene, site.origin)
    open = await startOpenNotes(PLACEHOLDER)
  })
  afterAll(async () => {
    await Promise.all([services, open, site, strange].map((each) => each?.close()))
  })

  const rows = CASES.map((each) => [`${each.package} ${versionOf(each.package)}`, each.job, each] as const)
  test.for(rows)('%s: %s', async ([, , row]) => {
    const service = services.of(row.service)
    const before = service.server.journal.calls.length
    const page = await scene.open(`${site.origin}/${row.page}`)
    const { result, early } = await runJob(page, service)
    expect(result).toMatchObject(row.returns)
    if (row.service === 'notes') expect(result).toEqual(await withoutUs(row.page))
    if (row.streamed) expect(early, 'it had a beginning before there was an end').toBeGreaterThan(0)
    const arrivals = service.server.journal.calls.slice(before)
    expect(arrivals.length).toBeGreaterThan(0)
    for (const arrival of arrivals) {
      expect(headerOf(arrival, SERVICES[row.service].header)).toBe(service.credential)
      expect(arrivalText(arrival)).not.toContain(PLACEHOLDER)
    }
    await page.close()
  })

  /** What the job gives on a site without a grant, with a service that takes its placeholder for a key. */
  async function withoutUs(name: string): Promise<unknown> {
    const page = await scene.open(`${strange.originAs('strange.localhost')}/${name}`)
    const { result } = await runJob(page, open)
    await page.close()
    return result
  }
})
