import type { Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { everythingIn, press, reads } from '../support/control-room-actions.ts'
import { eventually } from '../support/eventually.ts'
import { expectGoodPage } from '../support/good-page.ts'
import { openedAt } from '../support/opened-tab.ts'
import { connectInPopup } from '../support/popup-actions.ts'
import { installArguments, type Stage, setUpStage } from '../support/stage.ts'
import { BROWSERS } from './scene.ts'

const PASSPHRASE = 'four words nobody would guess'
/** How every key begins that a playground makes for itself. */
const KEY_BEGINS = 'sk-playground-'
/** What a newcomer may take from the extension's first tab to the first answer, ms. A person types for some of it. */
const PATIENCE_MS = 120_000

describe.each(BROWSERS)('the playground in %s', (browser) => {
  let stage: Stage
  let control: Page
  let playground: Page
  let began = 0
  beforeAll(async () => {
    stage = await setUpStage({ browser, withoutVault: true, withoutHost: true })
    began = performance.now()
    control = await stage.driver.extensionPage('extension/control/index.html#welcome')
  })
  afterAll(() => stage?.close())

  test('is where somebody without a key gets to, from nothing, by the first run', async () => {
    await reads(control, 'The host is not installed')
    await stage.valetkey.ask(installArguments(browser, stage.home))
    await reads(control, 'Make your vault')
    for (const field of await control.$$('input[type=password]')) await field.type(PASSPHRASE)
    await press(control, 'Make the vault')
    await reads(control, 'Store your recovery code')
    await control.$eval('input[type=checkbox]', (box) => (box as HTMLInputElement).click())
    await press(control, 'Continue')
    await press(control, 'Try it without one')
    await reads(control, 'The playground is open in a tab')
    playground = await openedAt(stage, 'http://127.0.0.1:')
    await reads(playground, 'First, connect this page')
  })

  test('breaks no rule and fits before it is connected, in both languages and whatever is wished for', async () => {
    const before = performance.now()
    await expectGoodPage(stage.driver, playground, 'Verbinden Sie zuerst diese Seite')
    // No newcomer does that.
    began += performance.now() - before
  })

  test('streams an answer once it is connected in the popup, and the key that was told in it is unreadable', async () => {
    const { origin } = new URL(await playground.evaluate(() => location.href))
    await connectInPopup(stage.driver, playground, origin, 'playground-chat')
    await playground.bringToFront()
    await playground.waitForSelector('html[data-connected=true]')
    expect(await playground.$eval('#placeholder', (one) => one.textContent)).toContain('sk-valetkey-')
    await playground.click('#send')
    await playground.waitForSelector('#state[data-kind=done]')
    const took = Math.round(performance.now() - began)
    console.log(`first brokered call in ${browser}: ${took} ms after the first tab`)
    expect(took).toBeLessThan(PATIENCE_MS)
    const answer = await playground.$eval('#answer', (one) => one.textContent)
    expect(answer).toContain('You said: “Why would a car come with a valet key?”')
    expect(answer).toContain('which: [redacted] – did it get through?')
    await reads(playground, 'was made unreadable on the way here')
    expect(await everythingIn(playground)).not.toContain(KEY_BEGINS)
    expect(await everythingIn(control)).not.toContain(KEY_BEGINS)
  })

  test('breaks no rule and fits with an answer in it', () =>
    expectGoodPage(stage.driver, playground, 'Was diese Seite statt eines Schlüssels hat'))

  test('comes anew with a policy for the service that it is given next', async () => {
    const { valetkey } = stage
    const { origin } = new URL(await playground.evaluate(() => location.href))
    const base = ['--base-url', 'https://api.other.example', '--auth', 'bearer', '--secret-stdin']
    await valetkey.ask(['service', 'add', 'other', ...base], 'a-key-that-is-not-used')
    await valetkey.ask(['capability', 'add', 'other', '--service', 'other', '--allow', 'POST /v1/**'])
    await valetkey.ask(['grant', 'add', origin, 'other'])
    const offered = () =>
      playground
        .$$eval('#service option', (options) => options.map((one) => one.textContent).sort())
        .catch(() => [])
    await eventually('both are offered', offered, (names) => names.length === 2)
    expect(await offered()).toEqual(['other · other', 'playground · playground-chat'])
    const reaches = () =>
      playground.$eval('meta[name=reaches]', (one) => (one as HTMLMetaElement).content).catch(() => '')
    await eventually('the policy names it', reaches, (found) => found.includes('https://api.other.example'))
  })

  test('is gone with all that its page had when it is closed', async () => {
    await control.bringToFront()
    await press(control, 'Close the playground')
    await reads(control, 'Open the playground')
    expect(await stage.valetkey.ask(['grant', 'list'])).toEqual([])
    const left = (await stage.valetkey.ask(['service', 'list'])) as { id: string }[]
    expect(left.map(({ id }) => id)).toEqual(['other'])
  })

  test('does not open beside a service of the owner’s by its name, and says so in plain words', async () => {
    const base = ['--base-url', 'https://api.other.example', '--auth', 'bearer', '--secret-stdin']
    await stage.valetkey.ask(['service', 'add', 'playground', ...base], 'a-key-that-is-not-used')
    await press(control, 'Open the playground')
    await reads(control, 'There is a service playground already, and it is not the playground’s')
    expect(await control.$eval('.notice-danger code', (name) => name.textContent)).toBe('playground')
  })
})
