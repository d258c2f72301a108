import { randomBytes } from 'node:crypto'
import type { Page } from 'puppeteer-core'
import { grantSite } from '../../test/support/grant-site.ts'
import { startPageServer } from '../../test/support/pages/page-server.ts'
import { BLANK } from '../../test/support/pages/test-pages.ts'
import type { Stage } from '../../test/support/stage.ts'
import { startFlowUpstream } from '../../test/support/upstreams/flow-upstream.ts'

/** A page and what it must send to be let in. */
export interface BenchPage {
  page: Page
  headers: Record<string, string>
}

/** Two tabs of the same browser on the same API: one holds the key and calls it direct, the other is brokered. */
export interface BenchPages {
  url: string
  direct: BenchPage
  brokered: BenchPage
  close(): Promise<void>
}

/** Set both up. The direct page sends the header a client without Valet Key would send; its preflight is cached. */
export async function openBenchPages(stage: Stage): Promise<BenchPages> {
  const key = randomBytes(24).toString('base64url')
  const upstream = await startFlowUpstream(key)
  const sites = [
    await startPageServer({ pages: { '/': BLANK } }),
    await startPageServer({ pages: { '/': BLANK } }),
  ]
  const base = ['--base-url', `${upstream.url}/v1`, '--auth', 'bearer', '--local', '--secret-stdin']
  await stage.valetkey.ask(['service', 'add', 'bench', ...base], key)
  await stage.valetkey.ask(['capability', 'add', 'bench', '--service', 'bench', '--allow', 'GET /v1/**'])
  const [alone, granted] = sites.map((site) => site.origin)
  await grantSite(stage, granted ?? '', 'bench')
  const direct = await stage.driver.newPage(`${alone}/`)
  const brokered = await stage.driver.newPage(`${granted}/`)
  return {
    url: upstream.url,
    direct: { page: direct, headers: { authorization: `Bearer ${key}` } },
    brokered: { page: brokered, headers: { authorization: 'Bearer placeholder' } },
    close: async () => {
      await Promise.all([...sites.map((site) => site.close()), upstream.close()])
    },
  }
}
