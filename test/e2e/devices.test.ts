import { chmodSync, existsSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { choose, press, reads } from '../support/control-room-actions.ts'
import { eventually } from '../support/eventually.ts'
import { type Stage, setUpStage } from '../support/stage.ts'

/** The rooms about this machine and about settings, with the real host: what is broken is shown, mended and gone; what is set is kept. */
const CONTROL = 'extension/control/index.html'

const text = (page: Page) => page.evaluate(() => document.body.textContent ?? '')

/** Wait until the page no longer says something. */
const saysNoMore = (page: Page, gone: string) =>
  eventually(
    `the page says no more \`${gone}\``,
    () => text(page),
    (shown) => !shown.includes(gone),
  )

const groundOf = (page: Page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
const DARK = 'rgb(17, 21, 28)'
const LIGHT = 'rgb(245, 246, 248)'
const isGround = (page: Page, colour: string) =>
  eventually(
    `the ground is ${colour}`,
    () => groundOf(page),
    (ground) => ground === colour,
  )

describe.each(['chromium', 'firefox'] as const)('this machine and its settings in %s', (browser) => {
  let stage: Stage
  let page: Page
  const open = (room: string) => stage.driver.extensionPage(`${CONTROL}#${room}`)
  beforeAll(async () => {
    stage = await setUpStage({ browser })
    await stage.valetkey.ask(['install', '--browser', 'vivaldi'])
    page = await open('devices')
  })
  afterAll(async () => {
    await stage?.close()
  })

  test('it says which browser this is, its host, and what runs', async () => {
    await reads(page, 'Running since')
    const shown = await text(page)
    expect(shown).toContain('org.valetkey.host.sh')
    expect(shown).toMatch(browser === 'chromium' ? /BrowserChrom\w+ \d/ : /BrowserFirefox \d/)
    expect(shown).toContain('Vivaldi')
    await eventually(
      'the host that runs has the name of its browser',
      async () => {
        await press(page, 'Check again')
        return page.$$eval('.device h3', (names) => names.map((name) => name.textContent))
      },
      (names) => names.length === 1 && /^(?:Chrom|Firefox)/.test(names[0] ?? ''),
    )
  })

  test.runIf(process.platform === 'linux')(
    'a launcher that is gone is shown with the command that mends it, and is there again after that',
    async () => {
      const folder = join(stage.home.home, '.config', 'vivaldi', 'NativeMessagingHosts')
      rmSync(join(folder, 'org.valetkey.host.sh'))
      await press(page, 'Check again')
      await reads(page, 'is not there')
      const commands = await page.$$eval('.copy-text code', (all) => all.map((one) => one.textContent ?? ''))
      const command = commands.find((one) => one.includes('vivaldi')) ?? ''
      expect(command).toBe('./dist/valetkey install --browser vivaldi')
      await stage.valetkey.ask(command.split(' ').slice(1))
      expect(existsSync(join(folder, 'org.valetkey.host.sh'))).toBe(true)
      await press(page, 'Check again')
      await saysNoMore(page, 'is not there')
    },
  )

  test.runIf(process.platform !== 'win32')(
    'a folder that others may look into is mended by a press, and the log says so',
    async () => {
      chmodSync(stage.home.valetKeyHome, 0o755)
      await press(page, 'Check again')
      await reads(page, 'Others may look into')
      await press(page, 'Mend it')
      await saysNoMore(page, 'Others may look into')
      expect(statSync(stage.home.valetKeyHome).mode & 0o777).toBe(0o700)
      const activity = await open('activity')
      await reads(activity, 'Something of the host put in order')
      await activity.close()
    },
  )

  test('a theme takes effect in every page at once, and in the next one before it is painted', async () => {
    const settings = await open('settings')
    await choose(settings, 'Colours', 'dark')
    for (const each of [settings, page]) await isGround(each, DARK)
    await stage.driver.stopBackground()
    const next = await stage.driver.newPage()
    if (browser === 'chromium') await next.evaluateOnNewDocument(watchGround)
    await next.goto(page.url().replace(/#.*/, '#settings')).catch(() => null)
    const opened = browser === 'chromium' ? next : await open('settings')
    await reads(opened, 'Colours')
    expect(await groundOf(opened)).toBe(DARK)
    if (browser === 'chromium') {
      const seen = await opened.evaluate(() => (globalThis as unknown as { grounds: string[] }).grounds)
      expect(seen.length).toBeGreaterThan(0)
      expect(seen.filter((ground) => ground !== 'dark')).toEqual([])
    }
    await choose(opened, 'Colours', 'light')
    for (const each of [opened, settings, page]) await isGround(each, LIGHT)
    for (const each of new Set([next, opened, settings])) await each.close()
  })

  test('the usual time is kept, and garbage in the place of a setting is the careful value', async () => {
    const settings = await open('settings')
    await choose(settings, 'How long a site may, if you choose nothing else', '86400')
    await reads(settings, 'Kept, and in use everywhere.')
    const stored = () => settings.evaluate(storedSettings)
    expect(await stored()).toMatchObject({ theme: 'light', sessionSeconds: 86_400 })
    await settings.evaluate(storeGarbage)
    await eventually(
      'it shows the careful values',
      () => settings.$$eval('select', (all) => all.map(({ value }) => value)),
      ([theme, marks, time]) => theme === 'system' && marks === 'letters' && time === '3600',
    )
    await settings.close()
  })
})

interface Own {
  storage: { local: { get(key: string): Promise<unknown>; set(items: object): Promise<void> } }
}

/** Runs in a page of ours. */
async function storedSettings(): Promise<unknown> {
  const own = (globalThis as unknown as { browser?: Own; chrome: Own }).browser
  const { storage } = own ?? (globalThis as unknown as { chrome: Own }).chrome
  return ((await storage.local.get('settings')) as { settings: unknown }).settings
}

/** Runs in a page of ours. */
async function storeGarbage(): Promise<void> {
  const own = (globalThis as unknown as { browser?: Own; chrome: Own }).browser
  const { storage } = own ?? (globalThis as unknown as { chrome: Own }).chrome
  await storage.local.set({ settings: { theme: '<img>', sessionSeconds: 1e9, siteMarks: 1 } })
}

/** Runs in a page before its own scripts: which theme each of its frames is painted in, from the first that has a body. */
function watchGround(): void {
  const grounds: string[] = []
  Object.assign(globalThis, { grounds })
  const look = () => {
    if (document.body !== null) grounds.push(getComputedStyle(document.documentElement).colorScheme)
    if (grounds.length < 30) requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
}
