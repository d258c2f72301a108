import { chmodSync } from 'node:fs'
import type { Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ByKeyboard } from '../support/by-keyboard.ts'
import { reads } from '../support/control-room-actions.ts'
import { eventually } from '../support/eventually.ts'
import { type PageServer, startPageServer } from '../support/pages/page-server.ts'
import { BLANK } from '../support/pages/test-pages.ts'
import { connectInPopup } from '../support/popup-actions.ts'
import { type Stage, setUpStage } from '../support/stage.ts'
import { type LoopbackServer, startLoopbackServer } from '../support/upstreams/loopback-server.ts'
import { BROWSERS, SITES } from './scene.ts'

/**
 * What the rooms offer beside the flows of `keyboard.test.ts`, by the keyboard alone: each press is come to and seen, what it did
 * is said aloud, and the focus is never lost.
 */
const ROOM = 'extension/control/index.html'
const PASSPHRASE = 'correct horse battery staple 42'
const NEXT_PASSPHRASE = 'four more words nobody would guess'
/** More sites than are shown without a field to search them. */
const SITES_GIVEN = 11
/** More than are shown of the log at once. */
const CALLS = 130
/** More operations under one tag than are shown at once, and one that writes. */
const OPERATIONS = 130
const STRAY = `gsk_${'Zy9xWv8u'.repeat(6)}`
const DOCUMENT = JSON.stringify({
  openapi: '3.1.0',
  info: { title: 'Pets', version: '1' },
  paths: {
    ...Object.fromEntries(
      Array.from({ length: OPERATIONS }, (_, at) => [`/pets/${at}`, { get: { tags: ['pets'] } }]),
    ),
    '/keepers': { post: { tags: ['keepers'] } },
  },
})

describe.each(BROWSERS)('the rooms by the keyboard alone in %s', (browser) => {
  let stage: Stage
  let api: LoopbackServer
  let site: PageServer
  let page: Page
  let control: ByKeyboard
  beforeAll(async () => {
    api = await startLoopbackServer((_, response) => void response.end('{}'))
    site = await startPageServer({ pages: { '/': BLANK } })
    stage = await setUpStage({ browser, grantedOrigins: SITES, withPassphrase: true })
    const service = ['--base-url', api.url, '--local', '--auth', 'bearer', '--secret-stdin']
    await stage.valetkey.ask(['service', 'add', 'api', ...service], 'a-key-of-no-one')
    await stage.valetkey.ask(['capability', 'add', 'all', '--service', 'api', '--allow', '* /**'])
    page = await stage.driver.newPage(`${site.origin}/`)
    const other = site.originAs('localhost')
    await connectInPopup(stage.driver, await stage.driver.newPage(`${other}/`), other, 'all')
    await connectInPopup(stage.driver, page, site.origin, 'all')
    await page.reload()
    await page.evaluate(callOften, api.url, CALLS)
    control = await ByKeyboard.at(stage.driver, await stage.driver.extensionPage(`${ROOM}#services`))
  })
  afterAll(async () => {
    await stage?.close()
    await Promise.all([site?.close(), api?.close()])
  })

  const toRoom = async (name: string) => {
    await control.comeBack()
    await control.press(`A ${name}`)
  }
  /** Ask for what cannot be taken back, keep all as it is, and then do it. */
  const thinkTwice = async (name: string) => {
    await control.press(name)
    await control.isOn('BUTTON Keep')
    await control.strike('Escape')
    await control.isOn(name)
    await control.strike('Enter')
    await control.isOn('BUTTON Keep')
    await control.tab(true)
    await control.strike('Enter')
  }
  const nothingLost = async () => expect(await control.lost()).toEqual([])

  test('takes a key out of a page, and gives its session more time', async () => {
    await page.evaluate((key) => localStorage.setItem('settings', key), STRAY)
    const popup = await ByKeyboard.at(stage.driver, await stage.driver.popup(page))
    await popup.press('BUTTON Move it into the vault: Groq')
    // Not on the button: a key that is held down would press it.
    await popup.isOn('FIELDSET Move it into the vault: Groq')
    await popup.press('BUTTON Cancel')
    await popup.isOn('H')
    await popup.press('BUTTON Move it into the vault: Groq')
    await popup.isOn('FIELDSET Move it into the vault: Groq')
    await popup.press('BUTTON Move it into the vault')
    await popup.hears('The key for Groq is in the vault.')
    await popup.page.evaluate(passTime, 600_000)
    await popup.press('BUTTON Extend the session of')
    await popup.hears('has its full time again.')
    // The time it got is the most there is: what gave it goes, and the focus stays in the popup.
    await popup.page.evaluate(passTime, -600_000)
    await popup.isOn('H')
    expect(await popup.lost()).toEqual([])
    if (!popup.page.isClosed()) await popup.page.close().catch(() => {})
    await control.comeBack()
  })

  test('finds a site among many, ends its session, is asked before its changes, forgets another', async () => {
    for (let at = 1; at <= SITES_GIVEN; at += 1)
      await stage.valetkey.ask(['grant', 'add', `https://site-${at}.example`, 'all'])
    await toRoom('Sites')
    await control.type('INPUT Find a site', site.origin)
    await control.hears('1 found')
    await control.press(`INPUT Ask me before each change: ${site.origin}`, ' ')
    await control.hears('You are asked before each change from now on.')
    await control.press(`BUTTON Revoke the session of ${site.origin}`)
    await control.hears(`The session of ${site.origin} has ended.`)
    await control.isOn('H')
    await control.to('INPUT Find a site', true)
    await control.type('INPUT Find a site', 'site-')
    await control.hears(`${SITES_GIVEN} found`)
    await thinkTwice('BUTTON Forget https://site-7.example')
    await control.hears('The site was forgotten.')
    await control.isOn('LI')
    await nothingLost()
  })

  test.runIf(process.platform !== 'win32')(
    'mends a finding, and ends what runs through a browser',
    async () => {
      await toRoom('Devices')
      await control.press('BUTTON Check again')
      await control.hears('Looked again just now.')
      chmodSync(stage.home.valetKeyHome, 0o755)
      await control.press('BUTTON Check again')
      await control.hears('Others may look into')
      await control.press('BUTTON Mend it')
      await control.hears('The host has put it in order.')
      await control.isOn('H2')
      await thinkTwice('BUTTON End the sessions of')
      await control.hears('have ended')
      await control.isOn('H')
      await nothingLost()
    },
  )

  test('makes a capability from an OpenAPI document', async () => {
    await toRoom('Capabilities')
    await control.press('A From an OpenAPI document')
    await control.isOn('H1 From an OpenAPI document')
    await control.press('BUTTON Read the document')
    await control.hears('Choose a file, or paste the text of a document.')
    // The whole text at once, as one pastes it.
    await control.to('TEXTAREA Or its text', true)
    await control.page.$eval('textarea', (area, text) => Object.assign(area, { value: text }), DOCUMENT)
    await control.press('BUTTON Read the document')
    await control.isOn('H1')
    await control.press('BUTTON Tick nothing')
    await control.hears(`0 of ${OPERATIONS + 1} ticked`)
    await control.isOn('H2 Operations')
    await control.press('INPUT All of pets', ' ')
    await control.hears(`${OPERATIONS} of ${OPERATIONS + 1} ticked`)
    await control.press('BUTTON pets')
    await control.press('BUTTON Show 30 more')
    await control.press('INPUT GET /pets/129', ' ')
    await control.hears(`${OPERATIONS - 1} of ${OPERATIONS + 1} ticked`)
    await control.press('INPUT All of keepers', ' ')
    await control.type('INPUT Name of the capability', 'Keepers')
    await control.type('INPUT Short name', 'keepers')
    await control.press('BUTTON Look at the capability')
    await control.isOn('H1')
    await control.press('BUTTON Back')
    await control.isOn('H1')
    await control.press('BUTTON Look at the capability')
    await control.press('BUTTON Save the capability')
    await control.hears('The capability was made.')
    await control.isOn('H1')
    await nothingLost()
  })

  test('limits a capability, sees its budget and resets it', async () => {
    await toRoom('Budgets')
    await control.press('A api: all')
    await control.isOn('H1')
    await control.press('BUTTON Change…')
    await control.isOn('H1')
    await control.type('INPUT Tokens', '1000')
    await control.press('BUTTON Look at the change')
    await control.isOn('H1')
    await control.press('BUTTON Save')
    await control.hears('The capability was changed.')
    await control.isOn('H1')
    await toRoom('Budgets')
    await thinkTwice('BUTTON Reset the budget of api: all')
    await control.hears('begins to count anew.')
    await control.isOn('BUTTON Reset the budget of api: all')
    await nothingLost()
  })

  test('reads the log to its end', async () => {
    await toRoom('Activity')
    await reads(control.page, '/call/')
    await eventually(
      'the log is shown to its end',
      async () => {
        await control.strike('End')
        return control.page.evaluate(() => document.body.textContent)
      },
      (shown) => shown.includes('There is nothing older.'),
    )
    await eventually(
      'the window has come to rest',
      () => control.page.evaluate(scrolledIn, 300),
      (by) => by === 0,
    )
    await nothingLost()
  })

  test('changes the passphrase and the recovery code, takes a command along, locks and opens', async () => {
    await toRoom('Vault')
    await control.press('BUTTON Change the passphrase')
    await control.isOn('INPUT Passphrase of now')
    await control.page.keyboard.type(PASSPHRASE)
    await control.type('INPUT New passphrase', NEXT_PASSPHRASE)
    await control.type('INPUT The same again', 'something else')
    await control.press('BUTTON Change it')
    await control.hears('The two are not the same.')
    await control.isOn('INPUT The same again')
    await control.type('INPUT The same again', NEXT_PASSPHRASE)
    await control.strike('Enter')
    await control.hears('The new passphrase opens the vault from now on.')
    await control.isOn('BUTTON Change the passphrase')
    await newRecovery('BUTTON Keep the old code', 'The old recovery code stays')
    await newRecovery('BUTTON Continue', 'Only the new recovery code opens the vault now.')
    await control.press('BUTTON Copy')
    await control.hears('Copied')
    await control.press('BUTTON Lock now')
    await control.isOn('INPUT Passphrase')
    await control.page.keyboard.type(NEXT_PASSPHRASE)
    await control.strike('Enter')
    await reads(control.page, 'The vault is open')
    await control.isOn('H')
    await nothingLost()
  })

  test('sees the focus also where something comes late above it', async () => {
    await toRoom('Settings')
    await control.to('SELECT Lock when nobody')
    await control.page.evaluate(() => {
      // The browser may hold still what it likes: here it holds nothing.
      document.documentElement.style.overflowAnchor = 'none'
      const late = Object.assign(document.createElement('div'), { id: 'late' })
      late.style.blockSize = '2000px'
      document.querySelector('[data-about]')?.prepend(late)
    })
    await eventually(
      'it is in sight',
      () => control.focused(),
      ({ what, isSeen }) => what.includes('SELECT Lock when nobody') && isSeen,
    )
    await control.page.evaluate(() => document.getElementById('late')?.remove())
  })

  test('sets what there is to set, pauses and resumes', async () => {
    await toRoom('Settings')
    const choose = async (name: string, letters: string, said: string) => {
      await control.to(`SELECT ${name}`)
      await control.page.keyboard.type(letters)
      await control.hears(said)
      await control.isOn(`SELECT ${name}`)
    }
    await choose('Colours', 'Dark', 'Kept, and in use everywhere.')
    await choose('Lock when nobody', '15', 'Kept, for every browser of this vault.')
    await control.press('BUTTON Pause everything')
    await control.hears('Everything is paused')
    await control.isOn('H')
    await nothingLost()
  })

  /** Make a new recovery code, and say what becomes of it. */
  async function newRecovery(press: string, said: string): Promise<void> {
    await control.press('BUTTON New recovery code')
    await control.isOn('INPUT Passphrase of now')
    await control.press('BUTTON Cancel')
    await control.isOn('BUTTON New recovery code')
    await control.strike('Enter')
    await control.isOn('INPUT Passphrase of now')
    await control.page.keyboard.type(NEXT_PASSPHRASE)
    await control.strike('Enter')
    await control.isOn('H2 Store your recovery code')
    if (press === 'BUTTON Continue') await control.press('INPUT I have stored it', ' ')
    await control.press(press)
    await control.hears(said)
    await control.isOn('BUTTON New recovery code')
  }
})

/** Inside a page: as many calls as the log is to have. */
async function callOften(url: string, times: number): Promise<void> {
  for (let at = 0; at < times; at += 10)
    await Promise.all(Array.from({ length: 10 }, (_, one) => fetch(`${url}/call/${at + one}`)))
}

/** Inside a page: how far it is scrolled within some time, in pixels. */
async function scrolledIn(milliseconds: number): Promise<number> {
  const before = scrollY
  await new Promise((done) => setTimeout(done, milliseconds))
  return scrollY - before
}

/** Inside a page of ours: its clock goes on so many milliseconds. */
function passTime(by: number): void {
  const now = Date.now
  Date.now = () => now() + by
}
