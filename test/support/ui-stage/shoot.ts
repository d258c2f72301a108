import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import puppeteer, { type Browser, type Page } from 'puppeteer-core'
import { findBrowser } from '../../../scripts/find-browser.ts'
import { SCENES, type Scene } from './scenes.ts'
import { servePages } from './serve-pages.ts'
import { installStandIn } from './stand-in-browser.ts'

/**
 * Takes a picture of every state of the popup and the control room, light and dark, from a built extension:
 * `node test/support/ui-stage/shoot.ts --from dist/chrome --to /tmp/shots [--only word]`. Says what a page complained of.
 */
const PAGES = {
  popup: { path: 'popup/index.html', width: 380, height: 600 },
  control: { path: 'control/index.html', width: 1000, height: 760 },
  approve: { path: 'popup/approve.html', width: 420, height: 612 },
  request: { path: 'popup/request.html', width: 420, height: 612 },
}
const { values } = parseArgs({
  options: { from: { type: 'string' }, to: { type: 'string' }, only: { type: 'string' } },
})
const folder = resolve(values.from ?? 'dist/chrome')
const out = resolve(values.to ?? 'shots')
await mkdir(out, { recursive: true })
const pages = await servePages(folder)
const browser = await puppeteer.launch({
  executablePath: await findBrowser('chromium'),
  args: ['--no-sandbox', '--disable-gpu'],
})
try {
  for (const scene of SCENES) if (scene.name.includes(values.only ?? '')) await shoot(browser, scene)
} finally {
  await browser.close()
  await pages.close()
}

async function shoot(browser: Browser, scene: Scene): Promise<void> {
  for (const scheme of scene.schemes ?? ['light', 'dark']) {
    const page = await browser.newPage()
    page.on('console', (message) => console.log(scene.name, message.type(), message.text()))
    page.on('pageerror', (error) => console.log(scene.name, String(error)))
    await page.evaluateOnNewDocument(installStandIn, scene.world)
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }])
    const { path: file, width, height } = PAGES[scene.page]
    await page.setViewport({ width: scene.width ?? width, height: scene.height ?? height })
    await page.goto(`${pages.origin}/extension/${file}${scene.hash ?? ''}`)
    if (!scene.name.endsWith('-starting')) await settled(page)
    await scene.act?.(page)
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    if (beyond > 0) console.log(scene.name, 'is wider than its window by', beyond)
    await page.screenshot({
      path: join(out, `${scene.name}-${scheme}.png`) as `${string}.png`,
      // A picture of more than the window resizes it, which disarms the window that asks; written from right to left it
      // comes out empty.
      fullPage: scene.page !== 'approve' && scene.page !== 'request' && scene.world.rtl !== true,
    })
    await page.close()
  }
}

/** Until the page no longer looks for the host. */
async function settled(page: Page): Promise<void> {
  await page.waitForFunction(
    () =>
      document.querySelector('#app')?.childElementCount &&
      !document.body.textContent.includes('Connecting to'),
  )
  await new Promise((done) => setTimeout(done, 150))
}
