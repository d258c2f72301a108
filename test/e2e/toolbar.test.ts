import { rm } from 'node:fs/promises'
import type { Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { approvalPage, approvalsGone, pressNow } from '../support/approval-window.ts'
import { endProcesses } from '../support/end-process.ts'
import { eventually } from '../support/eventually.ts'
import { pressAltShift } from '../support/firefox-keys.ts'
import { grantSite } from '../support/grant-site.ts'
import { processesNaming } from '../support/launched-host.ts'
import { type PageServer, startPageServer } from '../support/pages/page-server.ts'
import { BLANK } from '../support/pages/test-pages.ts'
import { hasPrivateDisplay, type PrivateDisplay, startPrivateDisplay } from '../support/private-display.ts'
import { hostManifest, type Stage, setUpStage } from '../support/stage.ts'
import { type ToolbarButton, toolbarButton } from '../support/toolbar-button.ts'
import { startFlowUpstream } from '../support/upstreams/flow-upstream.ts'
import type { LoopbackServer } from '../support/upstreams/loopback-server.ts'
import { call, progressOf, startStream } from './in-page.ts'
import { BROWSERS, type ListedSession, SITES } from './scene.ts'

const KEY = 'a-key-only-the-clock-knows'
const GREEN = [21, 128, 61]
const AMBER = [180, 83, 9]
const RED = [185, 28, 28]

/** The button in the toolbar, and the keys that the manifest asks for. Chromium takes them from a window alone, which needs a display. */
describe.each(BROWSERS)('the toolbar button in %s', (browser) => {
  const hasKeys = browser === 'firefox' || hasPrivateDisplay()
  let display: PrivateDisplay | null = null
  let stage: Stage
  let upstream: LoopbackServer
  let site: PageServer
  let button: ToolbarButton
  let page: Page
  beforeAll(async () => {
    display = hasKeys && browser === 'chromium' ? await startPrivateDisplay() : null
    upstream = await startFlowUpstream(KEY)
    site = await startPageServer({ pages: { '/': BLANK } })
    const shown = display === null ? {} : { headful: true, env: { DISPLAY: display.name } }
    stage = await setUpStage({ browser, grantedOrigins: SITES, ...shown })
    button = await toolbarButton(stage.driver)
    const { valetkey } = stage
    const base = ['--base-url', `${upstream.url}/v1`, '--auth', 'bearer', '--local', '--secret-stdin']
    await valetkey.ask(['service', 'add', 'clock', ...base], KEY)
    const rules = ['--allow', 'GET /v1/**', '--ask', 'POST /v1/**']
    await valetkey.ask(['capability', 'add', 'clock', '--service', 'clock', ...rules])
  })
  afterAll(async () => {
    await stage?.close()
    await Promise.all([site?.close(), upstream?.close(), display?.close()])
  })

  const valetkey = (...args: string[]) => stage.valetkey.ask(args)
  const live = async () =>
    ((await valetkey('session', 'list')) as ListedSession[]).filter(({ endReason }) => endReason === null)
  const isPaused = async () => ((await valetkey('status')) as { paused: number | null }).paused !== null

  /** Connect the site again and have its page read a stream. */
  async function stream(name: string): Promise<void> {
    await grantSite(stage, site.origin, 'clock')
    page ??= await stage.driver.newPage(`${site.origin}/`)
    await startStream(page, name, `${upstream.url}/v1/clock`)
    await eventually(
      'it streams',
      () => progressOf(page, name),
      ({ chunks }) => chunks > 2,
    )
  }

  test('counts what is live', async () => {
    await stream('first')
    await button.shows({ mark: 'live', text: '1', colour: GREEN })
  })

  test('says that everything is paused, and that it goes on', async () => {
    await valetkey('pause')
    await button.shows({ mark: 'paused', text: '' })
    await valetkey('resume')
    await button.shows({ mark: 'live', text: '1', colour: GREEN })
  })

  test('says that a call waits for its owner, before what is live', async () => {
    const asked = call(page, `${upstream.url}/v1/clock`, { method: 'POST', body: '{}' })
    const window = await approvalPage(stage.driver)
    await button.shows({ mark: 'live', text: '1', colour: AMBER })
    await pressNow(window, 'Deny')
    expect((await asked).problem).toBe('approval-denied')
    await approvalsGone(stage.driver)
    await button.shows({ mark: 'live', text: '1', colour: GREEN })
  })

  // A browser gives no key that is one of its own: Chromium has Alt+Shift with A, B, C, N, P, R, T, W, X and Z.
  test('has the keys that it asks for', async () => {
    const all =
      await stage.driver.inBackground<{ name: string; shortcut: string }[]>('browser.commands.getAll()')
    const keys = Object.fromEntries(all.map(({ name, shortcut }) => [name, shortcut]))
    expect(keys).toEqual({
      _execute_action: 'Alt+Shift+K',
      'revoke-all': 'Alt+Shift+E',
      'pause-all': 'Alt+Shift+H',
    })
  })

  test.skipIf(!hasKeys)('Alt+Shift+H pauses everything, and pressed again puts nothing back', async () => {
    await stream('paused')
    await page.bringToFront()
    await eventually('it is paused', () => pressed('H').then(isPaused), Boolean)
    await button.shows({ mark: 'paused', text: '' })
    await eventually(
      'the stream is cut',
      () => progressOf(page, 'paused'),
      ({ error }) => error !== '',
    )
    await pressed('H')
    expect([await isPaused(), (await live()).length]).toEqual([true, 1])
    await valetkey('resume')
  })

  test.skipIf(!hasKeys)('Alt+Shift+E ends every session', async () => {
    await stream('revoked')
    await page.bringToFront()
    await eventually(
      'nothing is live',
      () => pressed('E').then(live),
      ({ length }) => length === 0,
    )
    await eventually(
      'the stream is cut',
      () => progressOf(page, 'revoked'),
      ({ error }) => error !== '',
    )
    await button.shows({ mark: 'idle', text: '' })
  })

  test('shows nothing where nothing is live', async () => {
    await valetkey('session', 'revoke', '--all')
    await button.shows({ mark: 'idle', text: '' })
  })

  test('says that the vault is locked', async () => {
    await valetkey('lock')
    await button.shows({ mark: 'locked', text: '' })
  })

  test('says that there is trouble where the host is gone', async () => {
    await rm(hostManifest(stage))
    endProcesses(await processesNaming(stage.home.valetKeyHome))
    await button.shows({ mark: 'trouble', text: '!', colour: RED })
  })

  /** Press Alt, Shift and a letter in the browser's window, as soon as there is one. */
  async function pressed(letter: string): Promise<void> {
    if (browser === 'firefox') return pressAltShift(stage.driver, letter)
    const keys = `alt+shift+${letter.toLowerCase()}`
    await eventually(`${keys} can be pressed`, () => display?.press(keys) ?? false, Boolean)
  }
})
