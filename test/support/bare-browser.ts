import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import puppeteer, { type Browser } from 'puppeteer-core'
import { type BrowserName, findBrowser } from '../../scripts/find-browser.ts'
import { CHROMIUM_ARGS } from './chromium.ts'
import { PATIENT_LAUNCH } from './patient-launch.ts'

/**
 * Start a browser like the one of a stage, with no extension in it: what a page sees there is what it must see everywhere.
 *
 * @param home folder for its profile and its `HOME`; made where it is missing.
 */
export async function launchBare(name: BrowserName, home: string): Promise<Browser> {
  await mkdir(home, { recursive: true })
  const common = {
    executablePath: await findBrowser(name),
    headless: true,
    userDataDir: join(home, 'profile'),
    defaultViewport: null,
    env: { ...process.env, HOME: home },
    ...PATIENT_LAUNCH,
  }
  // Extensions are on, so that the browser is the same in all but ours.
  if (name === 'chromium')
    return await puppeteer.launch({ ...common, pipe: true, enableExtensions: true, args: CHROMIUM_ARGS })
  return await puppeteer.launch({ ...common, browser: 'firefox', args: ['--remote-allow-system-access'] })
}
