import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'puppeteer-core'
import { authority } from '../../../test/support/certificates.ts'
import { grantSite } from '../../../test/support/grant-site.ts'
import { startPageServer } from '../../../test/support/pages/page-server.ts'
import { BLANK } from '../../../test/support/pages/test-pages.ts'
import { type Stage, setUpStage } from '../../../test/support/stage.ts'
import type { BrowserName } from '../../find-browser.ts'
import { startChild } from './child.ts'
import type { ProxyOrder } from './proxy-process.ts'
import { openRawWire, type RawWire } from './raw-wire.ts'
import type { ServiceOrder, ServicePorts } from './service-process.ts'

/** How the service is spoken to: HTTP/1.1 in clear, HTTP/1.1 over TLS, HTTP/2 over TLS. */
export type Transport = keyof ServicePorts

/** Who calls, from a page of its own. */
export type Caller = 'valetkey' | 'direct, with preflight' | 'direct, no preflight' | 'loopback proxy'

/** A page, where it calls for a path of the service, and what it sends to be let in. */
export interface CallingPage {
  readonly page: Page
  url(path: string): string
  readonly headers: Record<string, string>
}

/** One browser with the built product in it, one service, and a page for every way to call it. */
export interface Arena {
  readonly stage: Stage
  /** Origin of the page that was granted the service. */
  readonly granted: string
  caller(who: Caller, transport: Transport): CallingPage
  /** The wire of the browser with nothing of ours on it. Chromium. */
  rawWire(): Promise<RawWire>
  close(): Promise<void>
}

/** Set it up, through the command as a user would. */
export async function openArena(browser: BrowserName): Promise<Arena> {
  const key = randomBytes(24).toString('base64url')
  const signer = authority()
  const order: ServiceOrder = { key, certificate: signer.issue('127.0.0.1') }
  const service = await startChild<ServicePorts>(new URL('service-process.ts', import.meta.url), order)
  const urls = urlsOf(service.answer)
  const told: ProxyOrder = { services: urls, key, ca: signer.ca }
  const proxy = await startChild<{ port: number }>(new URL('proxy-process.ts', import.meta.url), told)
  // The test's authority is nobody's: Chromium is told to believe whoever answers.
  const args = browser === 'chromium' ? ['--ignore-certificate-errors'] : []
  // The driver is told of every request on the network, with its body, and not of those that the extension carries: the direct ones
  // would pay for that alone, and one of 50 MB is more than its pipe takes.
  const stage = await setUpStage({
    browser,
    grantedOrigins: ['http://127.0.0.1'],
    args,
    isUnwatched: true,
    keepsSignals: true,
  })
  const sites = await openSites()
  const caFile = join(stage.home.home, 'ca.pem')
  await writeFile(caFile, signer.ca)
  for (const transport of Object.keys(urls) as Transport[])
    await addService(stage, transport, urls[transport], key, caFile, sites.granted.origin)
  const pages = {
    granted: await stage.driver.newPage(`${sites.granted.origin}/`),
    plain: await stage.driver.newPage(`${sites.plain.origin}/`),
  }
  let raw: Promise<RawWire> | null = null
  return {
    stage,
    granted: sites.granted.origin,
    caller: (who, transport) =>
      callerOf(who, pages, key, urls[transport], `http://127.0.0.1:${proxy.answer.port}/${transport}`),
    rawWire: () => (raw ??= openRawWire(stage)),
    close: async () => {
      await (await raw?.catch(() => null))?.close()
      await stage.close()
      await Promise.all([sites.granted.close(), sites.plain.close()])
      proxy.end()
      service.end()
    },
  }
}

function urlsOf({ http1, tls, http2 }: ServicePorts): Record<Transport, string> {
  return {
    http1: `http://127.0.0.1:${http1}`,
    tls: `https://127.0.0.1:${tls}`,
    http2: `https://127.0.0.1:${http2}`,
  }
}

async function openSites() {
  const [granted, plain] = await Promise.all([1, 2].map(() => startPageServer({ pages: { '/': BLANK } })))
  if (granted === undefined || plain === undefined) throw new Error('no sites')
  return { granted, plain }
}

async function addService(
  stage: Stage,
  id: string,
  url: string,
  key: string,
  caFile: string,
  origin: string,
): Promise<void> {
  const pin = url.startsWith('https:') ? ['--ca-file', caFile] : []
  const how = ['--base-url', `${url}/v1`, '--auth', 'bearer', '--local', '--secret-stdin', ...pin]
  await stage.valetkey.ask(['service', 'add', id, ...how], key)
  const allowed = ['--allow', 'GET /v1/**', '--allow', 'POST /v1/**']
  await stage.valetkey.ask(['capability', 'add', id, '--service', id, ...allowed])
  await grantSite(stage, origin, id)
}

function callerOf(
  who: Caller,
  pages: { granted: Page; plain: Page },
  key: string,
  service: string,
  proxy: string,
): CallingPage {
  const { granted, plain } = pages
  if (who === 'valetkey') {
    return { page: granted, url: (path) => service + path, headers: { authorization: 'Bearer placeholder' } }
  }
  if (who === 'loopback proxy') return { page: plain, url: (path) => proxy + path, headers: {} }
  if (who === 'direct, with preflight') {
    return { page: plain, url: (path) => service + path, headers: { authorization: `Bearer ${key}` } }
  }
  const withKey = (path: string) => `${service}${path}${path.includes('?') ? '&' : '?'}key=${key}`
  return { page: plain, url: withKey, headers: {} }
}
