import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import puppeteer, { type Browser } from 'puppeteer-core'
import { writeExtension } from './scripts.ts'

export type BrowserName = 'chromium' | 'firefox'

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
  const env = { ...process.env, HOME: home }
  if (name === 'chromium') {
    return puppeteer.launch({
      executablePath: '/usr/bin/chromium',
      headless: true,
      env,
      args: ARGS,
      enableExtensions: [extension],
      userDataDir: join(home, 'profile'),
    })
  }
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: '/usr/bin/firefox-esr',
    headless: true,
    env,
    args: ['--remote-allow-system-access'],
  })
  await browser.installExtension(extension)
  return browser
}

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
      await rm(home, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
