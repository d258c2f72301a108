import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import puppeteer, { type Browser } from 'puppeteer-core'
import { type BrowserName, findBrowser } from '../../../scripts/find-browser.ts'
import { PATIENT_LAUNCH } from '../../support/patient-launch.ts'
import { giveStartupCache, keepStartupCache } from '../../support/startup-cache.ts'
import { writeExtension } from './scripts.ts'

export type { BrowserName }

/** A browser with the harness extension in it. */
export interface Harness {
  readonly browser: Browser
  /** Folder of the harness extension. */
  readonly extension: string
  close(): Promise<void>
}

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--js-flags=--expose-gc',
]

async function launch(name: BrowserName, home: string, extension: string): Promise<Browser> {
  const profile = profileIn(home)
  const common = {
    executablePath: await findBrowser(name),
    headless: true,
    userDataDir: profile,
    env: { ...process.env, HOME: home },
    ...PATIENT_LAUNCH,
  }
  if (name === 'chromium') return puppeteer.launch({ ...common, args: ARGS, enableExtensions: [extension] })
  await mkdir(profile)
  await giveStartupCache(profile)
  const browser = await puppeteer.launch({
    ...common,
    browser: 'firefox',
    args: ['--remote-allow-system-access'],
  })
  await browser.installExtension(extension)
  return browser
}

const profileIn = (home: string) => join(home, 'profile')

/** Start a browser with its own HOME and the harness installed. */
export async function startHarness(name: BrowserName): Promise<Harness> {
  const home = await mkdtemp(join(tmpdir(), 'valetkey-page-'))
  const extension = await writeExtension(join(home, 'extension'), name)
  const browser = await launch(name, home, extension)
  return {
    browser,
    extension,
    async close() {
      await browser.close()
      if (name === 'firefox') await keepStartupCache(profileIn(home))
      await rm(home, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
