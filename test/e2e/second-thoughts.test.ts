import type { Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clickStill } from '../support/click-still.ts'
import { everythingIn, press, reads } from '../support/control-room-actions.ts'
import { eventually } from '../support/eventually.ts'
import { grantSite } from '../support/grant-site.ts'
import { type PageServer, startPageServer } from '../support/pages/page-server.ts'
import { BLANK } from '../support/pages/test-pages.ts'
import { revokeButton } from '../support/popup-actions.ts'
import { type Stage, setUpStage } from '../support/stage.ts'
import { startFlowUpstream } from '../support/upstreams/flow-upstream.ts'
import type { LoopbackServer } from '../support/upstreams/loopback-server.ts'
import { call } from './in-page.ts'
import { BROWSERS, SITES } from './scene.ts'

const KEY = 'sk-of-second-thoughts'
const NEXT = 'another four words nobody guesses'
/** A passphrase takes half a second and 256 MiB to stretch, on a machine with nothing else to do. */
const STRETCHED_MS = 60_000
const CONTROL = 'extension/control/index.html'

/** What an owner changes their mind about: a revoke, a budget, and what opens the vault. */
describe.each(BROWSERS)('second thoughts in %s', (browser) => {
  let stage: Stage
  let flow: LoopbackServer
  let site: PageServer
  let page: Page
  beforeAll(async () => {
    flow = await startFlowUpstream(KEY)
    site = await startPageServer({ pages: { '/': BLANK } })
    stage = await setUpStage({ browser, grantedOrigins: SITES, withPassphrase: true })
    const { valetkey } = stage
    const service = ['service', 'add', 'flow', '--base-url', `${flow.url}/v1`, '--local', '--auth', 'bearer']
    await valetkey.ask([...service, '--secret-stdin'], KEY)
    const capability = ['capability', 'add', 'flow', '--service', 'flow', '--allow', 'GET /v1/**']
    await valetkey.ask([...capability, '--max-requests', '20'])
    await grantSite(stage, site.origin, 'flow')
    page = await stage.driver.newPage(`${site.origin}/`)
  })
  afterAll(async () => {
    await stage?.close()
    await Promise.all([flow?.close(), site?.close()])
  })

  const acts = async () => {
    const log = (await stage.valetkey.ask(['audit', 'list', '--limit', '50'])) as { act?: string }[]
    return log.flatMap(({ act }) => (act?.startsWith('session.') ? [act] : [])).reverse()
  }

  test('a revoke ends what runs, and Undo lets the site call again', async () => {
    const streamed = streamUntilItEnds(page, `${flow.url}/v1/clock?every=10`)
    await eventually(
      'the stream runs',
      () => page.evaluate(() => (globalThis as { pieces?: number }).pieces ?? 0),
      (pieces) => pieces > 3,
    )
    const popup = await stage.driver.popup(page)
    await popup.waitForSelector(revokeButton(site.origin))
    // The offer stands for five seconds: whoever takes it stands in the page, not behind a slow machine's debugger.
    const undone = popup.evaluate(takeUndo)
    await clickStill(popup, revokeButton(site.origin))
    expect(await undone).toMatch(/has ended/)
    await reads(popup, 'has a session again')
    await popup.waitForSelector(revokeButton(site.origin))
    expect(await streamed).toBe('TypeError')
    expect(await acts()).toEqual(['session.start', 'session.revoke', 'session.undo'])
    expect(await call(page, `${flow.url}/v1/small`)).toMatchObject({ status: 200, problem: null })
    if (!popup.isClosed()) await popup.close().catch(() => {})
  })

  test('a refused call is told in the popup with the one change that would let it pass', async () => {
    const refused = await page.evaluate(
      async (url) => (await fetch(url, { method: 'DELETE' })).status,
      `${flow.url}/v1/small`,
    )
    expect(refused).toBe(403)
    const popup = await stage.driver.popup(page)
    await reads(popup, 'Refused: DELETE /v1/small')
    await reads(popup, 'A rule of the capability that allows this call would let it pass.')
    if (!popup.isClosed()) await popup.close().catch(() => {})
  })

  test('a budget shows what was used and begins anew when its owner says so twice', async () => {
    const control = await stage.driver.extensionPage(`${CONTROL}#budgets`)
    await reads(control, '2 of 20 calls used')
    await press(control, 'Reset')
    await reads(control, 'Sites may use all of it again.')
    await reads(control, '2 of 20 calls used')
    await press(control, 'Reset')
    await reads(control, '0 of 20 calls used')
    expect(await call(page, `${flow.url}/v1/small`)).toMatchObject({ status: 200 })
    await reads(control, '1 of 20 calls used')
    await control.close()
  })

  test('one press pauses everything for page and API, and another puts all back', async () => {
    const streamed = streamUntilItEnds(page, `${flow.url}/v1/clock?every=10`)
    await eventually(
      'the stream runs',
      () => page.evaluate(() => (globalThis as { pieces?: number }).pieces ?? 0),
      (pieces) => pieces > 3,
    )
    const popup = await stage.driver.popup(page)
    await press(popup, 'Pause all')
    expect(await streamed).toBe('TypeError')
    await reads(popup, 'No site’s calls are sent')
    expect(await call(page, `${flow.url}/v1/small`)).toMatchObject({ status: 403, problem: 'paused' })
    await reads(popup, 'You had paused everything.')
    await popup.waitForSelector(revokeButton(site.origin))
    await press(popup, 'Resume')
    await eventually(
      'the popup says no more of it',
      () => popup.evaluate(() => document.body.textContent),
      (shown) => !shown.includes('No site’s calls are sent'),
    )
    expect(await call(page, `${flow.url}/v1/small`)).toMatchObject({ status: 200, problem: null })
    if (!popup.isClosed()) await popup.close().catch(() => {})
  })

  test('the settings choose after how long without use the vault locks itself', async () => {
    const control = await stage.driver.extensionPage(`${CONTROL}#settings`)
    const list = 'section[aria-label="Auto-lock"] select'
    const choice = await control.waitForSelector(list)
    expect(await choice?.evaluate((select) => (select as HTMLSelectElement).value)).toBe('480')
    await control.select(list, '15')
    await eventually(
      'the vault knows',
      () => stage.valetkey.ask(['auto-lock']),
      (said) => JSON.stringify(said) === '{"minutes":15}',
    )
    await reads(control, 'is a use; a refused call and looking around are none.')
    await control.close()
  })

  test('the passphrase is changed by whoever knows it, and stays in no page', async () => {
    const control = await stage.driver.extensionPage(`${CONTROL}#vault`)
    await press(control, 'Change the passphrase')
    const type = async (now: string) => {
      await control.waitForSelector('form input[autocomplete=current-password]')
      const filled = await control.$$eval(
        'form input[type=password]',
        (fields, texts) => {
          for (const [at, text] of texts.entries()) (fields[at] as HTMLInputElement).value = text
          return fields.length
        },
        [now, NEXT, NEXT],
      )
      expect(filled).toBe(3)
      await press(control, 'Change it')
    }
    await type('not the passphrase')
    await reads(control, 'That does not open this vault', STRETCHED_MS)
    await type(stage.passphrase)
    await reads(control, 'The new passphrase opens the vault from now on.', STRETCHED_MS)
    const shown = await everythingIn(control)
    for (const secret of [NEXT, stage.passphrase]) expect(shown).not.toContain(secret)
    await control.close()
  })

  test('a new recovery code is shown once, and the old one goes when the new one is stored', async () => {
    const codes = async () => {
      const slots = (await stage.valetkey.ask(['slot', 'list'])) as { id: string; kind: string }[]
      return slots.flatMap(({ id, kind }) => (kind === 'recovery' ? [id] : []))
    }
    const before = await codes()
    const control = await stage.driver.extensionPage(`${CONTROL}#vault`)
    await press(control, 'New recovery code')
    await control.waitForSelector('form input[type=password]')
    await control.type('form input[type=password]', NEXT)
    await press(control, 'Show a new code')
    await reads(control, 'Store your recovery code', STRETCHED_MS)
    const code = await control.$eval('.recovery-code code', (shown) => shown.textContent)
    expect(code).toMatch(/^(?:[0-9A-Z]{4}-){8}.$/)
    expect(await codes()).toEqual([...before, expect.any(String)])
    await control.$eval('input[type=checkbox]', (box) => (box as HTMLInputElement).click())
    await press(control, 'Continue')
    await reads(control, 'Only the new recovery code opens the vault now.')
    // Once the list beside it is as it is now.
    await eventually(
      'the code is gone from the page',
      () => everythingIn(control),
      (all) => code !== null && !all.includes(code),
    )
    const after = await codes()
    expect(after).toHaveLength(1)
    expect(after).not.toEqual(before)
    await control.close()
    await stage.valetkey.ask(['lock'])
    await stage.valetkey.ask(['unlock', '--recovery-stdin'], `${code}\n`)
  })
})

/** Runs in the popup: press Undo as soon as it is there. @returns what the toast said then. */
function takeUndo(): Promise<string> {
  return new Promise((resolve) => {
    const look = () => {
      const button = document.querySelector('.toast-place button')
      if (!(button instanceof HTMLElement)) return
      watch.disconnect()
      const said = document.querySelector('.toast-room')?.textContent ?? ''
      button.click()
      resolve(said)
    }
    const watch = new MutationObserver(look)
    watch.observe(document.body, { childList: true, subtree: true })
  })
}

/** Read a stream in the page, counting, until it ends. @returns name of the error it ended with, or `end`. */
function streamUntilItEnds(page: Page, url: string): Promise<string> {
  return page.evaluate(async (from) => {
    const count = globalThis as { pieces?: number }
    count.pieces = 0
    try {
      const reader = (await fetch(from)).body?.getReader()
      while (reader !== undefined && !(await reader.read()).done) count.pieces += 1
      return 'end'
    } catch (error) {
      return (error as Error).constructor.name
    }
  }, url)
}
