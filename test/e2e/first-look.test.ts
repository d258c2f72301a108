import { expect, test } from 'vitest'
import { AIM_MS } from '../../extension/popup/seen-places.ts'
import { SCENES } from '../support/ui-stage/scenes.ts'
import { call } from '../support/ui-stage/staged-activity.ts'
import { stagedForFile } from '../support/ui-stage/staged-for-file.ts'

/** What somebody sees who has never seen it before, in a real Chromium from the built extension. */
const staged = stagedForFile('en')

/** Show a scene, with answers of the host in place of its own. */
async function show(wanted: string, answers: Record<string, unknown> = {}) {
  const scene = SCENES.find(({ name }) => name === wanted)
  if (scene === undefined) throw new Error(`there is no scene ${wanted}`)
  await staged().show({
    ...scene,
    world: { ...scene.world, answers: { ...scene.world.answers, ...answers } },
  })
}

test('nothing moves aside for a scrollbar', async () => {
  await show('room-services')
  const places = () =>
    staged().page.evaluate(() =>
      ['.control-brand', 'h1', '.list'].map((wanted) => {
        const { left, width } = document.querySelector(wanted)?.getBoundingClientRect() ?? new DOMRect()
        return [wanted, left, width]
      }),
    )
  const before = await places()
  // A headless browser shows no scrollbar: what it takes is taken all the same.
  const taken = await staged().page.evaluate(() => {
    document.documentElement.style.inlineSize = 'calc(100% - 15px)'
    return innerWidth - document.body.clientWidth
  })
  expect(taken).toBe(15)
  expect(await places()).toEqual(before)
})

test('the button to press is said to be behind the puzzle piece', async () => {
  await show('welcome-done')
  const steps = await staged().page.$$eval('.how-to > li', (all) => all.map((one) => one.textContent))
  expect(steps[1]).toContain('puzzle piece')
})

test('a passphrase is judged once there is one, and what was typed otherwise is gone to at once', async () => {
  await show('welcome-vault')
  const said = () => staged().page.$eval('.strength', (meter) => meter.textContent.trim())
  expect(await said()).toBe('')
  const height = () => staged().page.$eval('.strength', (meter) => meter.getBoundingClientRect().height)
  const before = await height()
  const [first, second] = await staged().page.$$('input[type=password]')
  await first?.type('correct horse battery staple')
  expect(await said()).not.toBe('')
  expect(await height()).toBe(before)
  await second?.type('correct horse battery')
  await staged().page.click('button[type=submit]')
  await staged().page.waitForSelector('.field-error')
  await staged().page.keyboard.type('correct horse battery staple')
  const typed = await staged().page.$$eval('input[type=password]', (all) =>
    all.map((one) => (one as HTMLInputElement).value),
  )
  expect(new Set(typed)).toEqual(new Set(['correct horse battery staple']))
})

test('a call of the owner’s own is said to be theirs, and a capability is called what it is called elsewhere', async () => {
  const scene = SCENES.find(({ name }) => name === 'room-activity')
  if (scene === undefined) throw new Error('there is no such scene')
  const lines = [
    call(9, 1000, { origin: 'owner:local', topOrigin: null, capability: null }, {}),
    call(8, 2000, {}, {}),
    call(7, 3000, { capability: 'gone-for-good' }, {}),
  ]
  const page = { ...(scene.world.answers['audit-page'] as object), lines }
  await staged().show({
    ...scene,
    world: { ...scene.world, answers: { ...scene.world.answers, 'audit-page': page } },
  })
  const notes = await staged().page.$$eval('.activity-what > p', (all) => all.map((one) => one.textContent))
  expect(notes[0]).toBe('You, on this machine')
  expect(notes[1]).toContain('OpenAI: Chat and responses')
  expect(notes[2]).toContain('gone-for-good')
  const options = await staged().page.$$eval('.activity-filters option', (all) =>
    all.map((one) => one.textContent),
  )
  expect(options).toContain('OpenAI: Chat and responses')
})

test('the form that gives a site something else goes with what it gave', async () => {
  await show('popup-live', { 'connect-intent': null })
  const press = (text: string) => staged().page.locator(`::-p-text(${text})`).click()
  await press('Connect something else too')
  await staged().page.waitForSelector('#capability')
  await new Promise((seen) => setTimeout(seen, AIM_MS))
  await staged().page.click('form .button-primary')
  await staged().page.waitForFunction(() => document.querySelector('#capability') === null)
  const sent = await staged().page.evaluate(
    () => (globalThis as unknown as { posted: { name: string }[] }).posted,
  )
  expect(sent.map(({ name }) => name)).toContain('connect-intent')
})

test.each(['popup-missing', 'popup-exited'])(
  'what has no edge stands below what is above it: %s',
  async (name) => {
    await show(name)
    const lefts = await staged().page.evaluate(() => {
      const leftOf = (element: Element | null) => {
        if (element === null) throw new Error('it is not there')
        const range = new Range()
        range.selectNodeContents(element)
        return Math.round(range.getBoundingClientRect().left)
      }
      const title = document.querySelector('.popup-body h2')
      return [leftOf(title), leftOf(document.querySelector('.popup-content > .row > .button-quiet'))]
    })
    expect(new Set(lefts).size).toBe(1)
  },
)

test('what goes back from allowing more says so', async () => {
  await show('room-capability-review')
  await staged().page.locator('::-p-text(Allow more and save)').click()
  const texts = await staged().page.$$eval('[role=alert] button', (all) => all.map((one) => one.textContent))
  expect(texts).toEqual(['Allow more and save', 'Cancel'])
})
