import puppeteer, { type Browser, type Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildAll } from '../../scripts/build.ts'
import { findBrowser } from '../../scripts/find-browser.ts'
import type { Capability } from '../../shared/model/capability.ts'
import type { Grant } from '../../shared/model/grant.ts'
import { press, reads } from '../support/control-room-actions.ts'
import { eventually } from '../support/eventually.ts'
import { PATIENT_LAUNCH } from '../support/patient-launch.ts'
import { type Stage, setUpStage } from '../support/stage.ts'
import { textsOf } from '../support/ui-stage/said.ts'
import { servePages } from '../support/ui-stage/serve-pages.ts'
import { manyGrants, manySessions } from '../support/ui-stage/staged-capabilities.ts'
import { installStandIn } from '../support/ui-stage/stand-in-browser.ts'
import { type LoopbackServer, startLoopbackServer } from '../support/upstreams/loopback-server.ts'
import { BROWSERS } from './scene.ts'

const FORGOTTEN = 'https://forgotten.example'
const KEPT = 'https://kept.example'
/** The field of the second rule: the first denies. */
const ALLOWING = '.rule-fields ~ .rule-fields input'

/** Capabilities and sites in the control room, by the host and in the vault. */
describe.each(BROWSERS)('the control room in %s', (browser) => {
  let stage: Stage
  let server: LoopbackServer
  let spare: LoopbackServer
  let page: Page
  const ask = <T>(...args: string[]) => stage.valetkey.ask(args) as Promise<T>
  const rules = async () => {
    const shown = await ask<Capability>('capability', 'show', 'work')
    return shown.rules.map(({ effect, pattern }) => `${effect} ${pattern}`)
  }
  beforeAll(async () => {
    server = await startLoopbackServer((_, response) => {
      response.end('{}')
    })
    spare = await startLoopbackServer((_, response) => {
      response.end('{}')
    })
    stage = await setUpStage({ browser })
    const service = ['service', 'add', 'api', '--base-url', server.url, '--local', '--auth', 'none']
    await ask(...service)
    await ask('capability', 'add', 'work', '--service', 'api', '--allow', '* /v1/**', '--deny', 'DELETE /**')
    await ask('service', 'add', 'zspare', '--base-url', spare.url, '--local', '--auth', 'none')
    await ask('capability', 'add', 'zspare', '--service', 'zspare', '--allow', '* /v1/**')
    for (const path of ['/v1/models', '/v1/items/17']) await ask('call', 'work', 'GET', server.url + path)
    await ask('call', 'work', 'POST', `${server.url}/v1/files`)
    for (const site of [FORGOTTEN, KEPT]) await ask('grant', 'add', site, 'work')
    page = await stage.driver.extensionPage('extension/control/index.html#capabilities')
  })
  afterAll(async () => {
    await stage?.close()
    await server?.close()
    await spare?.close()
  })

  /** Empty a field and type. */
  async function fill(field: string, text: string): Promise<void> {
    await page.waitForSelector(field)
    await page.$eval(field, (input) => {
      ;(input as HTMLInputElement).focus()
      ;(input as HTMLInputElement).select()
    })
    await page.keyboard.press('Backspace')
    await page.type(field, text)
  }
  /** The vault has these rules. What the page says of an earlier change may still stand there. */
  const saved = (...wanted: string[]) =>
    eventually('the rules are saved', rules, (found) => found.join('\n') === wanted.join('\n'))
  /** Tick, or untick, what has this label. */
  const tick = (text: string) =>
    eventually(
      `there is \`${text}\` to tick`,
      () =>
        page.evaluate((wanted) => {
          const label = [...document.querySelectorAll('label')].find((one) => one.textContent === wanted)
          label?.querySelector('input')?.click()
          return label !== undefined
        }, text),
      (ticked) => ticked,
    )
  const decided = () => page.$eval('[role=status] .explained', (shown) => shown.textContent)

  test('says what a capability would decide about a call as it is typed, by its rule', async () => {
    await reads(page, 'api: work')
    await reads(page, 'Given to 2 sites')
    await page.$eval('.list a', (link) => (link as HTMLAnchorElement).click())
    await reads(page, 'Try a call')
    await fill('.try-call input', '/v1/models')
    await eventually(
      'it is allowed',
      decided,
      (text) => text.includes('goes through') && text.includes('* /v1/**'),
    )
    await fill('.try-call input', '/v2/models')
    await eventually('no rule allows it', decided, (text) => text.includes('no rule allows it'))
    await page.select('.try-call select', 'DELETE')
    await eventually('a rule denies it', decided, (text) => text.includes('DELETE /**'))
    const offered = await page.$$eval('select option', (options) =>
      options.map((option) => option.textContent),
    )
    expect(offered).toContain(`POST ${server.url}/v1/files`)
  })

  test('says it for a chosen site by its owner’s wish to be asked before each change, as that is by now', async () => {
    const grants = await ask<Grant[]>('grant', 'list')
    const { id = '' } = grants.find(({ origin }) => origin === KEPT) ?? {}
    await fill('.try-call input', '/v1/models')
    await page.select('.try-call select', 'POST')
    await eventually('it is allowed', decided, (text) => text.includes('goes through'))
    await page.select(`select:has(option[value="${id}"])`, id)
    const until = (words: string) => eventually(`the call ${words}`, decided, (text) => text.includes(words))
    await until('goes through')
    await ask('grant', 'edit', id, '--ask-writes')
    await until('you want to be asked before each change of this site')
    await page.select('.try-call select', 'GET')
    await until('goes through')
    await page.select('.try-call select', 'DELETE')
    await until('DELETE /**')
    await page.select('.try-call select', 'POST')
    await until('you want to be asked')
    await ask('grant', 'edit', id, '--no-ask-writes')
    await until('goes through')
  })

  test('shows a change in words, tried on recorded calls, before it is saved', async () => {
    await press(page, 'Change…')
    await fill(ALLOWING, 'GET /v1/**')
    await press(page, 'Look at the change')
    await reads(page, 'Rule taken away: * /v1/** was allowed')
    await reads(page, 'This becomes narrower')
    await reads(page, '1 of the last 3 calls would now be refused.')
    expect(await page.evaluate(() => document.body.textContent)).not.toContain('This becomes possible')
    expect(await rules()).toContain('allow * /v1/**')
    await press(page, 'Save')
    await reads(page, 'The capability was changed.')
    await saved('deny DELETE /**', 'allow GET /v1/**')
    expect((await stage.valetkey.run(['call', 'work', 'POST', `${server.url}/v1/files`])).code).not.toBe(0)
  })

  test('asks again before it allows more', async () => {
    await press(page, 'Change…')
    await fill(ALLOWING, '* /**')
    await press(page, 'Look at the change')
    await reads(page, 'This becomes possible')
    await press(page, 'Allow more and save')
    await reads(page, 'may do more from now on')
    expect(await rules()).toContain('allow GET /v1/**')
    await press(page, 'Allow more and save')
    await saved('deny DELETE /**', 'allow * /**')
  })

  test('proposes to leave what was used, and does so on a press', async () => {
    await press(page, 'Tighten…')
    await reads(page, 'New rule: GET /v1/items/*? is allowed')
    await press(page, 'Save')
    await saved('deny DELETE /**', 'allow GET /v1/models?', 'allow GET /v1/items/*?', 'allow POST /v1/files?')
  })

  test('lets calls go on elsewhere, says so in a sentence, and what the other decides', async () => {
    await press(page, 'Change…')
    await tick('Calls go on to another capability')
    await page.waitForSelector('option[value=zspare]')
    await press(page, 'Look at the change')
    await reads(page, 'Something is missing')
    const target = await page.$eval('option[value=zspare]', (option) => option.parentElement?.id ?? '')
    await page.select(`select[id="${target}"]`, 'zspare')
    await tick('gives no answer')
    await press(page, 'Add a model')
    await fill('.failover-model input', 'gpt-5')
    const faulty = () =>
      page.$$eval('.failover-model [aria-invalid=true]', (fields) => fields.map((one) => one.ariaLabel))
    await eventually('what has no name there is marked', faulty, ({ length }) => length === 1)
    expect(await faulty()).toEqual(['Its name there, row 1'])
    await fill('.failover-model input ~ input', 'small')
    await reads(page, 'When its service cannot be reached, a call goes on once to zspare: zspare.')
    await reads(page, 'A site needs a live session of each')
    await fill('.try-call input', '/v1/models')
    await eventually('the other decides', decided, (text) => text.includes('does not answer, zspare decides'))
    await press(page, 'Look at the change')
    await reads(page, 'This becomes possible')
    await press(page, 'Allow more and save')
    await reads(page, 'may do more from now on')
    await press(page, 'Allow more and save')
    const failover = {
      capability: 'zspare',
      on: ['unreachable'],
      models: [{ from: 'gpt-5', to: 'small' }],
      wait: null,
    }
    const shown = () => ask<Capability>('capability', 'show', 'work')
    await eventually('it is saved', shown, (work) => work.failover !== undefined)
    expect((await shown()).failover).toEqual(failover)
    await ask('service', 'remove', 'zspare')
  })

  test('changes a condition on bodies and the period of the budget', async () => {
    await press(page, 'Change…')
    await press(page, 'Add a condition')
    await fill('.condition-typed input', '/size')
    await fill('.condition-typed textarea', '512')
    await page.select('.limit-fields select', 'week')
    await press(page, 'Look at the change')
    // What calls went on to is gone: that is to be mended with it.
    await reads(page, 'There is no capability zspare to go on to.')
    await tick('Calls go on to another capability')
    await press(page, 'Look at the change')
    await reads(page, 'New condition: The body’s /size must be one of: 512')
    await reads(page, 'in the last 24 hours → in the last 7 days')
    await reads(page, 'Calls go on to zspare no longer')
    await press(page, 'Save')
    const shown = () => ask<Capability>('capability', 'show', 'work')
    const changed = await eventually('it is saved', shown, (work) => work.failover === undefined)
    const body = [{ op: 'in', pointer: '/size', values: [512] }]
    expect(changed).toMatchObject({ body, limits: { period: 'week' } })
  })

  test('lists sites with their sessions, revokes one and forgets another', async () => {
    await page.evaluate(() => {
      location.hash = '#sites'
    })
    await reads(page, 'Never used')
    const pressAt = (site: string, text: string) =>
      eventually(
        `there is \`${text}\` for ${site}`,
        () =>
          page.evaluate(
            (origin, wanted) => {
              const rows = [...document.querySelectorAll('li')]
              const row = rows.find((one) => one.querySelector(`[title="${origin}"]`) !== null)
              const button = [...(row?.querySelectorAll('button') ?? [])].findLast((one) =>
                one.textContent.includes(wanted),
              )
              button?.click()
              return button !== undefined
            },
            site,
            text,
          ),
        (pressed) => pressed,
      )
    await pressAt(KEPT, 'Revoke')
    await reads(page, 'has ended')
    await pressAt(FORGOTTEN, 'Forget')
    await reads(page, 'its sessions end at once')
    await page.evaluate(() => {
      const alert = document.querySelector('[role=alert]')
      alert?.querySelector('button')?.click()
    })
    await reads(page, 'The site was forgotten.')
    const grants = await ask<{ id: string; origin: string }[]>('grant', 'list')
    expect(grants.map(({ origin }) => origin)).toEqual([KEPT])
    const sessions = await ask<{ origin: string; endReason: string | null }[]>('session', 'list')
    expect(sessions.filter(({ endReason }) => endReason === null)).toEqual([])
  })

  test('removes a capability with what it gave', async () => {
    await page.evaluate(() => {
      location.hash = '#capabilities/work'
    })
    await press(page, 'Remove')
    await reads(page, '1 site loses it')
    await press(page, 'Remove')
    await reads(page, 'Nothing to give yet')
    expect(await ask('capability', 'list')).toEqual([])
    expect(await ask('grant', 'list')).toEqual([])
  })
})

describe('ten thousand sites and five hundred sessions', () => {
  let browser: Browser
  let pages: Awaited<ReturnType<typeof servePages>>
  beforeAll(async () => {
    const built = await buildAll({ targets: ['chrome'], say: () => {} })
    pages = await servePages(built.chrome)
    browser = await puppeteer.launch({
      executablePath: await findBrowser('chromium'),
      args: ['--no-sandbox', '--disable-gpu'],
      ...PATIENT_LAUNCH,
    })
  })
  afterAll(async () => {
    await browser?.close()
    await pages?.close()
  })

  test('are all to be reached, and never more of them in the page than what is near', async () => {
    const page = await browser.newPage()
    await page.evaluateOnNewDocument(installStandIn, manyGrants(10_000), textsOf('en'))
    await page.setViewport({ width: 1000, height: 760 })
    await page.goto(`${pages.origin}/extension/control/index.html#sites`)
    await reads(page, '10,000 found')
    const rows = () => page.$$eval('.list > li', (all) => all.length)
    // The window, what is near it, and a part that is being left.
    const MOST = 6 * 40
    expect(await rows()).toBeLessThanOrEqual(MOST)
    for (const [place, least] of [
      [0.5, 3000],
      [1, 9999],
    ] as const) {
      await eventually(
        'the sites there are shown',
        async () => {
          await page.evaluate((where) => scrollTo(0, where * document.body.scrollHeight), place)
          return page.$$eval('.list > li h3', (all) => all.map((one) => /\d+/.exec(one.textContent)?.[0]))
        },
        (numbers) => numbers.some((number) => Number(number) >= least),
      )
      expect(await rows()).toBeLessThanOrEqual(MOST)
    }
    await page.evaluate(() => scrollTo(0, 0))
    await page.type('input:not([type=checkbox])', 'site-4321.')
    await reads(page, '1 found')
    await eventually(
      'only that one is listed',
      () => page.$$eval('.list > li', (all) => all.length),
      (count) => count <= 41,
    )
    await page.close()
  })

  test('of five hundred live sessions the popup holds those near its window, to the last one', async () => {
    const page = await browser.newPage()
    await page.evaluateOnNewDocument(installStandIn, manySessions(500), textsOf('en'))
    await page.setViewport({ width: 380, height: 600 })
    await page.goto(`${pages.origin}/extension/popup/index.html`)
    const rows = () => page.$$eval('.session', (all) => all.length)
    const origins = () => page.$$eval('.session > .origin', (all) => all.map((one) => one.textContent ?? ''))
    await eventually('the first are there', origins, (all) => all.some((one) => one.includes('live-0.')))
    expect(await rows()).toBeLessThanOrEqual(6 * 40)
    await eventually(
      'the last is there',
      async () => {
        // The popup's head stays where it is: its body is what scrolls.
        await page.$eval('.popup-body', (body) => body.scrollTo(0, body.scrollHeight))
        return origins()
      },
      (all) => all.some((one) => one.includes('live-499.')),
    )
    expect(await rows()).toBeLessThanOrEqual(6 * 40)
    await page.close()
  })

  test('the Tab key passes over none of the live sessions, wherever one part of them ends', async () => {
    const page = await browser.newPage()
    await page.evaluateOnNewDocument(installStandIn, manySessions(50), textsOf('en'))
    await page.setViewport({ width: 380, height: 600 })
    await page.goto(`${pages.origin}/extension/popup/index.html`)
    await page.waitForSelector('.session')
    await page.$eval('.session:nth-child(34) button', (button) => button.focus())
    const passed: (string | null)[] = []
    for (let presses = 0; presses < 10; presses += 1) {
      await page.keyboard.press('Tab')
      passed.push(await page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? null))
    }
    expect(passed).toEqual(
      Array.from({ length: 10 }, (_, n) => `Revoke the session of https://live-${34 + n}.example`),
    )
    await page.close()
  })
})
