import type { Page } from 'puppeteer-core'
import { clickStill } from '../../click-still.ts'
import { grantSite } from '../../grant-site.ts'
import { addApi, inPopup, pictureOver, type Walk } from '../walk.ts'

/** Keys of no one, which look like some. */
const GROQ = `gsk_${'Zy9xWv8u'.repeat(6)}`
const OPENAI = `sk-proj-${'Ab3dEf6h'.repeat(5)}`
const FIRST = '.page-key-buttons button'

/** The popup on a page that holds keys of its own. */
export async function walkPageKeys(walk: Walk): Promise<void> {
  const { stage, site } = walk
  await addApi(walk, 'openai', { chat: ['--allow', 'GET /v1/**'] })
  await grantSite(stage, site.origin, 'chat')
  const page = await stage.driver.newPage(`${site.origin}/`)
  await store(page, { settings: JSON.stringify({ apiKey: GROQ }) })
  await pictureOver(walk, page, 'popup-page-key', '.page-key-buttons')
  await inPopup(walk, page, async (popup) => {
    await clickStill(popup, FIRST)
    await popup.waitForSelector('.page-key-ask')
    await walk.camera.take(popup, 'popup-page-key-asked', 'popup', { of: '.page-key-ask' })
    // The page changes its mind in between.
    await page.evaluate(() => localStorage.clear())
    await clickStill(popup, '.page-key-ask button')
    await popup.waitForSelector('.notice-danger')
    await walk.camera.take(popup, 'popup-page-key-refused', 'popup', { of: '.notice-danger' })
  })
  await store(page, { settings: JSON.stringify({ apiKey: GROQ }) })
  await inPopup(walk, page, async (popup) => {
    await clickStill(popup, FIRST)
    await popup.waitForSelector('.page-key-ask')
    await clickStill(popup, '.page-key-ask button')
    await popup.waitForSelector('.page-key-status .notice')
    await walk.camera.take(popup, 'popup-page-key-moved', 'popup', { of: '.page-key-status .notice' })
  })
  await walkMoreKeys(walk, page)
}

async function walkMoreKeys(walk: Walk, page: Page): Promise<void> {
  await store(page, { settings: JSON.stringify({ apiKey: OPENAI }), other: GROQ })
  await inPopup(walk, page, async (popup) => {
    await popup.waitForFunction(() => document.querySelectorAll('.page-key-buttons').length === 2)
    await clickStill(popup, '.page-key-buttons button:nth-child(2)')
    await popup.waitForSelector('.page-key-ask')
    await walk.camera.take(popup, 'popup-page-keys-stored', 'popup', { of: '.page-key-ask' })
  })
  await page.evaluate(`localStorage.clear(); document.cookie = 'session-of-the-playground=${OPENAI}'`)
  await inPopup(walk, page, async (popup) => {
    await popup.waitForSelector('.page-key-looked summary')
    await clickStill(popup, '.page-key-looked summary')
    await walk.camera.take(popup, 'popup-page-keys-elsewhere', 'popup', { of: '.page-key-looked' })
    await clickStill(popup, '.page-key-buttons .button-quiet')
    await popup.waitForSelector('.page-key-buttons', { hidden: true })
    await walk.camera.take(popup, 'popup-page-keys-quiet', 'popup', { of: '.page-key-looked' })
  })
}

function store(page: Page, entries: Record<string, string>): Promise<void> {
  return page.evaluate((all) => {
    for (const [name, text] of Object.entries(all)) localStorage.setItem(name, text)
  }, entries)
}
