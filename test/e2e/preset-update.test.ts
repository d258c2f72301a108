import type { Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openStore } from '../../native-host/store/open-store.ts'
import { fetchKeys } from '../../native-host/vault/keyholder.ts'
import type { Capability } from '../../shared/model/capability.ts'
import type { Service } from '../../shared/model/service.ts'
import type { ServiceSummary } from '../../shared/protocol/service-commands.ts'
import { press, reads } from '../support/control-room-actions.ts'
import { eventually } from '../support/eventually.ts'
import { makeBefore, makeOlder } from '../support/older-preset.ts'
import { type Stage, setUpStage } from '../support/stage.ts'
import { BROWSERS } from './scene.ts'

/** What the preset had not yet. */
const NEW = ['modelslab-llm', 'modelslab-models']
const GONE = '* /api/v6/voice/**'

/** A service from before its preset denied webhooks, and what its owner says that it costs, in the control room. */
describe.each(BROWSERS)('what is stored of a preset in %s', (browser) => {
  let stage: Stage
  let page: Page
  const ask = <T>(...args: string[]) => stage.valetkey.ask(args) as Promise<T>
  const stored = () => ask<Service>('service', 'show', 'lab')

  beforeAll(async () => {
    stage = await setUpStage({ browser })
    const key = `${'k'.repeat(60)}\n`
    await stage.valetkey.ask(['service', 'add', 'lab', '--preset', 'modelslab', '--secret-stdin'], key)
    await ask('capability', 'add', 'poll', '--service', 'lab', '--from-preset', 'modelslab-poll')
    await age()
    page = await stage.driver.extensionPage('extension/control/index.html#services')
  })
  afterAll(() => stage?.close())

  /** As if it had been added when its preset denied no webhooks, and something that it allows by now. */
  async function age(): Promise<void> {
    const keys = await fetchKeys(stage.home.valetKeyHome)
    if (keys === null) throw new Error('the vault is locked')
    const store = openStore(stage.home.valetKeyHome)
    try {
      makeOlder({ store, keys }, 'lab', (made) => ({
        denyFields: [],
        denyAlways: [...made.denyAlways, GONE],
      }))
      makeBefore({ store, keys }, 'lab', NEW)
    } finally {
      store.close()
    }
  }

  test('is shown as a difference in words, and taken over at a click; what opens is asked for by itself', async () => {
    await reads(page, 'The preset of this service has changed: 5 differences')
    await press(page, 'Look at the changes')
    await reads(page, 'Field webhook is refused, from now on: * /**')
    await reads(page, `Never allowed, no longer: ${GONE}`)
    const ticked = () => page.$$eval('.preset-change input', (all) => all.map((box) => box.checked))
    expect(await ticked()).toEqual([true, true, true, true, false])
    await press(page, 'Take over what is ticked')
    await reads(page, 'The preset of this service has changed: 1 difference')
    expect((await stored()).denyFields).toHaveLength(2)
    expect((await stored()).denyAlways).toContain(GONE)

    await eventually('the one that opens alone is left', ticked, (boxes) => boxes.length === 1)
    expect(await ticked()).toEqual([false])
    await page.$eval('.preset-change input', (box) => box.click())
    await press(page, 'Take over what is ticked')
    await reads(page, 'Some of it allows more than now')
    expect((await stored()).denyAlways).toContain(GONE)
    await press(page, 'Take over what is ticked')
    await eventually(
      'nothing is otherwise any more',
      () => page.evaluate(() => document.body.textContent),
      (text) => !text.includes('The preset of this service has changed'),
    )
    expect((await stored()).denyAlways).not.toContain(GONE)
  })

  test('is shown with what its preset has got since, added for no site or dismissed', async () => {
    await reads(page, '2 new capabilities in the catalogue')
    await press(page, 'See what is new')
    await reads(page, 'New since you added this service')
    const boxes = () => page.$$eval('.capability input', (all) => all.map((box) => box.checked))
    expect(await boxes()).toEqual([false, false])
    await page.$$eval('.capability input', (all) => all[0]?.click())
    await press(page, 'Add what is ticked')
    // It is one of those that want their models named.
    await reads(page, 'Name at least one model')
    await page.$eval('textarea', (area) => {
      area.value = 'gpt-5'
      area.dispatchEvent(new Event('input', { bubbles: true }))
    })
    await press(page, 'Add what is ticked')
    await reads(page, '1 new capability in the catalogue')
    const added = await ask<Capability>('capability', 'show', 'lab-modelslab-llm')
    expect(added.models).toEqual(['gpt-5'])
    expect(await ask('grant', 'list')).toEqual([])

    await eventually('one is left', boxes, (left) => left.length === 1)
    await press(page, 'Dismiss')
    await reads(page, 'What is not ticked is not shown here again.')
    await press(page, 'Dismiss')
    const gone = () => page.evaluate(() => !document.body.textContent.includes('in the catalogue'))
    await eventually('nothing new is told', gone, (is) => is)
    expect(await ask<ServiceSummary[]>('service', 'list')).not.toHaveProperty('0.offers')
  })

  test('gets its owner’s prices, of single models too, and is shown with them', async () => {
    await page.evaluate(() => {
      location.hash = '#capabilities/poll'
    })
    await press(page, 'Change')
    await reads(page, 'Your prices')
    await eventually(
      'money is counted',
      () =>
        page.$$eval('fieldset', (all) => {
          const prices = all.find((one) => one.querySelector('legend')?.textContent === 'Your prices')
          const box = prices?.querySelector('input')
          if (box?.checked === false) box.click()
          return box?.checked === true
        }),
      (counted) => counted,
    )
    await press(page, 'Add the price of a model')
    const type = (label: string, nth: number, text: string) =>
      eventually(
        `${label} is typed`,
        () =>
          page.$$eval(
            '.field',
            (all, wanted, at, value) => {
              const field = all.filter((one) => one.querySelector('label')?.textContent === wanted)[at]
              const input = field?.querySelector('input')
              if (input == null) return false
              input.value = value
              input.dispatchEvent(new Event('input', { bubbles: true }))
              return true
            },
            label,
            nth,
            text,
          ),
        (typed) => typed,
      )
    await type('A million tokens in', 0, '2.50')
    await type('Model', 0, 'flux-large')
    await type('A call', 1, '0,04')
    await press(page, 'Look at the change')
    await reads(page, 'Prices: until now none, from now on')
    await press(page, 'Save')
    await reads(page, 'flux-large: $0.04 a call')
    const { limits } = await ask<Capability>('capability', 'show', 'poll')
    expect(limits.prices).toEqual({
      currency: 'USD',
      input: 2_500_000,
      output: 0,
      request: 0,
      models: [{ model: 'flux-large', input: 0, output: 0, request: 40_000 }],
    })
  })
})
