import type { Page } from 'puppeteer-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { searchFor } from '../support/canary.ts'
import { press, reads } from '../support/control-room-actions.ts'
import { eventually } from '../support/eventually.ts'
import { type PageServer, startPageServer } from '../support/pages/page-server.ts'
import { BLANK } from '../support/pages/test-pages.ts'
import { startFlowUpstream } from '../support/upstreams/flow-upstream.ts'
import type { LoopbackServer } from '../support/upstreams/loopback-server.ts'
import { call } from './in-page.ts'
import { onEachBrowser } from './scene.ts'

/** More calls than the room asks for at a time. */
const MANY = 110

/** The activity of real calls, in the control room's own page. */
onEachBrowser('the activity room', (scene) => {
  let upstream: LoopbackServer
  let site: PageServer
  let page: Page
  let control: Page
  beforeAll(async () => {
    const key = scene.canary('clock', 'sk-')
    upstream = await startFlowUpstream(key)
    site = await startPageServer({ pages: { '/': BLANK } })
    const { valetkey } = scene.stage
    const base = ['--base-url', `${upstream.url}/v1`, '--auth', 'bearer', '--local', '--secret-stdin']
    await valetkey.ask(['service', 'add', 'clock', ...base], key)
    await valetkey.ask(['capability', 'add', 'clock', '--service', 'clock', '--allow', 'GET /v1/**'])
    await scene.grant(site.origin, 'clock')
    page = await scene.open(`${site.origin}/`)
    expect(await call(page, small())).toMatchObject({ status: 200 })
    control = await scene.stage.driver.extensionPage('extension/control/index.html#activity')
    await control.bringToFront()
  })
  afterAll(async () => {
    await Promise.all([site?.close(), upstream?.close()])
  })

  const small = () => `${upstream.url}/v1/small`
  /** What each line says first, from the top: its method and path, or the act. */
  const lines = () =>
    control.$$eval('.activity-what > :first-child', (all) => all.map((one) => one.textContent.trim()))
  const shown = (what: string, fits: (all: string[]) => boolean) => eventually(what, lines, fits)

  /** Type into the search field as a person does, and wait until it is what is looked for. */
  async function seek(text: string): Promise<void> {
    await control.focus('input[type=search]')
    await control.$eval('input[type=search]', (field) => (field as HTMLInputElement).select())
    if (text === '') await control.keyboard.press('Backspace')
    else await control.keyboard.type(text)
    await control.keyboard.press('Enter')
  }

  test('shows a call as it is made, on top, with how it ended', async () => {
    await shown('the first call is there', (all) => all.includes('GET /v1/small'))
    expect(await call(page, small(), { method: 'DELETE' })).toMatchObject({ status: 403 })
    await shown('the refused call is on top', ([top]) => top === 'DELETE /v1/small')
    await reads(control, 'no rule allows it')
  })

  test('opens a call to what was decided and how long it took', async () => {
    await control.evaluate(() => {
      const calls = [...document.querySelectorAll<HTMLElement>('.activity summary')]
      calls.find((one) => one.textContent.includes('GET /v1/small'))?.click()
    })
    await reads(control, 'until the answer began')
    const detail = await control.$eval('.activity-detail', (one) => (one as HTMLElement).innerText)
    for (const said of ['Allowed', 'GET /v1/**', small(), 'clock', 'sent,', 'received'])
      expect(detail).toContain(said)
  })

  test('finds what is typed, and says where nothing fits', async () => {
    await seek('no-rule')
    await shown('only the refused call is left', (all) => all.join() === 'DELETE /v1/small')
    await seek('nothing has this')
    await reads(control, 'Nothing fits')
    await press(control, 'Show everything')
    await shown('everything is back', (all) => all.length > 2)
    expect(await control.$eval('input[type=search]', (field) => (field as HTMLInputElement).value)).toBe('')
    // A person pauses while they type: what is searched for meanwhile takes nothing back.
    await control.focus('input[type=search]')
    for (const letter of 'no-rule') {
      await control.keyboard.type(letter)
      const typed = await control.$eval('input[type=search]', (field) => (field as HTMLInputElement).value)
      if (typed === 'no-')
        await shown('what was typed so far is found', (all) => all.join() === 'DELETE /v1/small')
    }
    await shown('the refused call is found', (all) => all.join() === 'DELETE /v1/small')
    await seek('')
    await shown('everything is back', (all) => all.length > 2)
  })

  test('goes on with older ones when its end is reached, and lets nothing slip under what is being read', async () => {
    await page.evaluate(
      async (url, count) => {
        for (let n = 0; n < count; n += 10)
          await Promise.all(Array.from({ length: 10 }, () => fetch(url).then((one) => one.text())))
      },
      small(),
      MANY,
    )
    await seek('v1/small')
    await shown('the newest are there', (all) => all.length === 100)
    await control.evaluate(() => scrollTo(0, document.body.scrollHeight))
    const all = await shown('the oldest are there too', (each) => each.length >= MANY + 2)
    await call(page, small(), { method: 'DELETE' })
    await reads(control, '1 new line')
    expect((await lines())[0]).toBe(all[0])
    await press(control, '1 new line')
    await shown('the new one is on top', ([top]) => top === 'DELETE /v1/small')
    expect(await lines()).toHaveLength(all.length + 1)
  })

  test('counts calls, and leaves those of a site to be seen at a press', async () => {
    await reads(control, `${MANY + 3} calls`)
    await reads(control, '2 refused')
    await press(control, new URL(site.origin).host)
    await eventually(
      'the site is chosen',
      () => control.$$eval('select', (all) => all.map((one) => one.value)),
      (chosen) => chosen.includes(site.origin),
    )
    await seek('')
    await shown('its calls are there', (all) => all.length >= 100)
  })

  test('checks the log and makes a file of it, without a key', async () => {
    await press(control, 'Check now')
    await reads(control, 'The log is whole')
    // What would be saved is kept in reach: where browsers save downloads differs.
    await control.evaluate(() => {
      const make = URL.createObjectURL.bind(URL)
      URL.createObjectURL = (file) => {
        Object.assign(globalThis, { saved: file })
        return make(file)
      }
    })
    await press(control, 'CSV')
    await reads(control, 'lines were written')
    const text = await control.evaluate(() => (globalThis as unknown as { saved: Blob }).saved.text())
    expect(text.trimEnd().split('\r\n')).toHaveLength(1 + MANY + 3)
    expect(text).toContain(`,${site.origin},`)
    expect(searchFor(scene.canaries, text, 'the file')).toEqual([])
  })

  test('leaves the calls that failed for one reason to be seen, as soon as one has', async () => {
    const id = await control.$$eval(
      'label',
      (all) => all.find((one) => one.textContent === 'Failed because')?.htmlFor,
    )
    const field = `select[id="${id}"]`
    const options = () => control.$$eval(`${field} option`, (all) => all.map((one) => one.value))
    expect(await options()).toEqual([''])
    expect(await call(page, `${upstream.url}/v1/drop?after=10`)).toMatchObject({ error: expect.any(String) })
    const [, problem = ''] = await eventually(
      'there is a problem to choose',
      options,
      (all) => all.length === 2,
    )
    await control.select(field, problem)
    await shown('only the call that failed is left', (all) => all.join() === 'GET /v1/drop?after')
    await reads(control, 'Most frequent failures')
    await control.select(field, '')
    await shown('the others are back', (all) => all.length > 2)
  })

  test('leaves the calls of a span to be seen that is chosen on the timeline, by the keyboard and by hand', async () => {
    const slider = '.timeline [role=slider]'
    const pointed = () => control.$eval(slider, (one) => one.getAttribute('aria-valuetext') ?? '')
    await control.waitForSelector('.timeline canvas')
    await control.focus(slider)
    await control.keyboard.press('End')
    // The day may change while this runs: the last two have all calls.
    await control.keyboard.down('Shift')
    await control.keyboard.press('ArrowLeft')
    await control.keyboard.up('Shift')
    await eventually('the figures are told', pointed, (text) =>
      text.endsWith(`${MANY + 4} calls · 2 refused · 1 failed`),
    )
    await control.keyboard.press('Enter')
    await reads(control, 'Show the whole period')
    await shown('all of them are of these days', (all) => all.length > 90)
    await control.keyboard.press('Home')
    await control.keyboard.press('Enter')
    await reads(control, 'Nothing fits')
    await press(control, 'Show the whole period')
    await shown('all of them are back', (all) => all.length > 90)
    const field = await control.$eval('.timeline .u-over', (one) => {
      one.scrollIntoView({ block: 'center' })
      const { left, top, width, height } = one.getBoundingClientRect()
      return { left, width, middle: top + height / 2 }
    })
    await control.mouse.move(field.left + field.width * 0.1, field.middle)
    await control.mouse.down()
    await control.mouse.move(field.left + field.width * 0.3, field.middle)
    await control.mouse.move(field.left + field.width * 0.5, field.middle)
    await control.mouse.up()
    await reads(control, 'Nothing fits')
    await press(control, 'Show the whole period')
    await shown('all of them are back again', (all) => all.length > 90)
  })
})
