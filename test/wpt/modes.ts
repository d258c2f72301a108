import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import puppeteer, { type Browser } from 'puppeteer-core'
import { type BrowserName, findBrowser } from '../../scripts/find-browser.ts'
import { grantSite } from '../support/grant-site.ts'
import { setUpStage } from '../support/stage.ts'
import { SUITE_HEADERS } from './suite-headers.ts'

/**
 * How the suite is run.
 *
 * - `native`: a browser without the extension;
 * - `installed`: with it, the suite's site has no grant;
 * - `passing`: with a grant for a service elsewhere, so that our script is in every page and every call passes through;
 * - `brokered`: the suite's own server is the service, so that every call to it goes through the host. It lists the headers
 *   that the suite is written with, as the owner of a service that needs others than the usual ones does.
 */
export type Mode = 'native' | 'installed' | 'passing' | 'brokered'
export const MODES: readonly Mode[] = ['native', 'installed', 'passing', 'brokered']

/** A browser to run pages in, and how to end it. */
export interface Room {
  readonly browser: Browser
  close(): Promise<void>
}

/** Where nothing answers: the service of the `passing` mode. */
const ELSEWHERE = 'http://127.0.0.1:9/v1'

/** Set a browser up for a mode. @param origin of the suite's server. */
export function openRoom(name: BrowserName, mode: Mode, origin: string): Promise<Room> {
  return mode === 'native' ? openNative(name) : openWithExtension(name, mode, origin)
}

async function openNative(name: BrowserName): Promise<Room> {
  const profile = await mkdtemp(join(tmpdir(), 'valetkey-wpt-'))
  const isFirefox = name === 'firefox'
  const browser = await puppeteer.launch({
    ...(isFirefox
      ? { browser: 'firefox' as const }
      : { args: ['--no-sandbox', '--disable-gpu'], pipe: true }),
    executablePath: await findBrowser(name),
    userDataDir: profile,
    env: { ...process.env, HOME: profile },
  })
  const close = async () => {
    await browser.close()
    await rm(profile, { recursive: true, force: true })
  }
  return { browser, close }
}

async function openWithExtension(name: BrowserName, mode: Mode, origin: string): Promise<Room> {
  const stage = await setUpStage({ browser: name, grantedOrigins: [origin] })
  if (mode !== 'installed') {
    const base = mode === 'brokered' ? origin : ELSEWHERE
    const service = [
      '--base-url',
      base,
      '--auth',
      'bearer',
      '--local',
      '--address',
      '127.0.0.1',
      '--secret-stdin',
      ...SUITE_HEADERS,
    ]
    await stage.valetkey.ask(['service', 'add', 'suite', ...service], 'sk-a-key-for-the-suite-0123456789')
    const allow = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].flatMap((method) => [
      '--allow',
      `${method} /**`,
    ])
    await stage.valetkey.ask(['capability', 'add', 'suite', '--service', 'suite', ...allow])
    await grantSite(stage, origin, 'suite')
  }
  return { browser: stage.driver.browser, close: () => stage.close() }
}
