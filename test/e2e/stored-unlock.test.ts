import { join } from 'node:path'
import type { Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { type PageServer, startPageServer } from '../support/pages/page-server.ts'
import { BLANK } from '../support/pages/test-pages.ts'
import { type Stage, setUpStage } from '../support/stage.ts'

const STORED = 'Unlock with the key stored on this machine'

/** Keep every heading the page ever shows, in order, from now on. */
async function watchHeadings(page: Page): Promise<void> {
  await page.evaluate(() => {
    const seen: string[] = []
    const look = () => {
      for (const heading of document.querySelectorAll('h1, h2')) {
        if (!seen.includes(heading.textContent)) seen.push(heading.textContent)
      }
    }
    look()
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true })
    Object.assign(globalThis, { seenHeadings: seen })
  })
}

const headings = (page: Page) => page.evaluate('seenHeadings') as Promise<string[]>

async function press(page: Page, text: string): Promise<void> {
  await eventually(
    `there is a button \`${text}\` to press`,
    () =>
      page.evaluate((wanted) => {
        const button = [...document.querySelectorAll('button')].find((one) => one.textContent === wanted)
        button?.click()
        return button !== undefined
      }, text),
    (pressed) => pressed,
  )
}

async function reads(page: Page, text: string): Promise<void> {
  await eventually(
    `the page says \`${text}\``,
    () => page.evaluate(() => document.body.textContent),
    (shown) => shown.includes(text),
    30_000,
  )
}

describe.each(['chromium', 'firefox'] as const)('a vault with a key file in %s', (browser) => {
  let stage: Stage
  let site: PageServer
  beforeAll(async () => {
    site = await startPageServer({ pages: { '/': BLANK } })
    stage = await setUpStage({ browser, withoutVault: true })
    await stage.valetkey.ask(['init', '--key-file', join(stage.home.home, 'key-file')])
    const secret = ['--preset', 'openai', '--secret-stdin']
    await stage.valetkey.ask(['service', 'add', 'openai', ...secret], 'sk-not-a-real-key-0123456789')
  })
  afterAll(async () => {
    await stage?.close()
    await site.close()
  })

  test('locked by the command, is unlocked by one click in the popup, which never says the host stopped', async () => {
    const page = await stage.driver.newPage(`${site.origin}/`)
    await stage.valetkey.ask(['lock'])
    const popup = await stage.driver.popup(page)
    await reads(popup, 'The vault is locked')
    await watchHeadings(popup)
    await press(popup, STORED)
    await reads(popup, 'Nothing is live')
    expect(await headings(popup)).not.toContain('The host stopped')
    expect(await stage.valetkey.ask(['status'])).toMatchObject({ vault: 'unlocked' })
    await popup.close().catch(() => {})
  })

  test('locked in the control room, shows as locked and opens again by one click, time after time', async () => {
    const control = await stage.driver.extensionPage('extension/control/index.html#vault')
    await reads(control, 'The vault is open')
    await watchHeadings(control)
    for (let turn = 0; turn < 3; turn += 1) {
      await press(control, 'Lock now')
      await reads(control, 'No page can use a key until you unlock it.')
      expect(await stage.valetkey.ask(['status'])).toMatchObject({ vault: 'locked' })
      await press(control, STORED)
      await reads(control, 'Locking ends the program')
    }
    expect(await headings(control)).not.toContain('The host stopped')
  })
})
