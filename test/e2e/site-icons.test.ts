import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'
import type { Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { choose, reads } from '../support/control-room-actions.ts'
import { eventually } from '../support/eventually.ts'
import { grantSite } from '../support/grant-site.ts'
import { type PageServer, startPageServer } from '../support/pages/page-server.ts'
import { closePopup } from '../support/popup-actions.ts'
import { type Stage, setUpStage } from '../support/stage.ts'

/** What stands for a site in the popup: a letter of ours, until the owner wants to see the icon of its tab. */
const CONTROL = 'extension/control/index.html#settings'
const RED = [200, 30, 40, 255]
const LABEL = 'What stands for a site'

describe.each(['chromium', 'firefox'] as const)('what stands for a site in %s', (browser) => {
  let stage: Stage
  let site: PageServer
  let page: Page
  let settings: Page
  beforeAll(async () => {
    stage = await setUpStage({ browser, givenWhenAsked: ['favicon'] })
    await writeFile(join(stage.home.home, 'icon.png'), redIcon())
    const html = '<!doctype html><link rel="icon" type="image/png" href="/own/icon.png"><title>a</title><p>a'
    site = await startPageServer({ pages: { '/': { html } }, folders: { '/own/': stage.home.home } })
    const base = ['--base-url', 'https://api.example.com/v1', '--auth', 'bearer', '--secret-stdin']
    await stage.valetkey.ask(['service', 'add', 'echo', ...base], 'a key')
    await stage.valetkey.ask(['capability', 'add', 'echo', '--service', 'echo', '--allow', 'GET /v1/**'])
    await stage.driver.grant(site.origin)
    await grantSite(stage, site.origin, 'echo')
    page = await stage.driver.newPage(`${site.origin}/`)
    settings = await stage.driver.extensionPage(CONTROL)
  })
  afterAll(async () => {
    await site?.close()
    await stage?.close()
  })

  /** What the popup shows for the session: its letter, and the middle of its picture, null where it has none. */
  async function mark(): Promise<{ letter: string; middle: number[] | null }> {
    await page.bringToFront()
    const popup = await stage.driver.popup(page)
    const seen = await popup.waitForSelector('.session .site-mark').then(() =>
      popup.$eval('.session .site-mark', (shown) => {
        const picture = shown.querySelector('canvas')
        const pixel = picture?.getContext('2d')?.getImageData(picture.width / 2, picture.height / 2, 1, 1)
        return {
          letter: (shown as HTMLElement).dataset.letter ?? '',
          middle: pixel === undefined ? null : [...pixel.data],
        }
      }),
    )
    await closePopup(popup)
    return seen
  }
  const shows = (what: string, isIt: (seen: Awaited<ReturnType<typeof mark>>) => boolean) =>
    eventually(what, mark, isIt)

  test('is a letter, and nothing is asked of the browser', async () => {
    expect(await mark()).toEqual({ letter: '1', middle: null })
    expect(await mayReadIcons()).toBe(false)
  })

  test('is the icon of its tab once the owner has chosen that, and a letter again', async () => {
    await settings.bringToFront()
    await choose(settings, LABEL, 'icons')
    await reads(settings, 'Kept, and in use everywhere.')
    const seen = await shows('the popup shows the icon', ({ middle }) => middle !== null)
    expect(seen).toEqual({ letter: '', middle: RED })
    await settings.bringToFront()
    await choose(settings, LABEL, 'letters')
    await shows('the popup shows a letter', ({ middle }) => middle === null)
    expect(await mayReadIcons()).toBe(false)
  })

  test('is a letter where no tab shows the site', async () => {
    await settings.bringToFront()
    await choose(settings, LABEL, 'icons')
    await shows('the popup shows the icon', ({ middle }) => middle !== null)
    await page.goto(`${site.originAs('localhost')}/`)
    await shows('the popup shows a letter', ({ letter, middle }) => letter === '1' && middle === null)
  })

  const mayReadIcons = () =>
    browser === 'firefox'
      ? Promise.resolve(false)
      : settings.evaluate("chrome.permissions.contains({ permissions: ['favicon'] })")
})

/** A PNG (ISO/IEC 15948) of 32 × 32 pixels of one colour. */
function redIcon(): Buffer {
  const row = Buffer.concat([Buffer.of(0), Buffer.concat(Array.from({ length: 32 }, () => Buffer.from(RED)))])
  const chunk = (type: string, content: Buffer) => {
    const named = Buffer.concat([Buffer.from(type), content])
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32BE(content.length)
    sum.writeUInt32BE(crc32(named))
    return Buffer.concat([length, named, sum])
  }
  const head = Buffer.of(0, 0, 0, 32, 0, 0, 0, 32, 8, 6, 0, 0, 0)
  const pixels = deflateSync(Buffer.concat(Array.from({ length: 32 }, () => row)))
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ])
}
