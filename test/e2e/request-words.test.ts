import type { HTTPRequest } from 'puppeteer-core'
import { expect, test } from 'vitest'
import { INERT_MS } from '../../extension/popup/arming.ts'
import { SCENES } from '../support/ui-stage/scenes.ts'
import { stagedForFile } from '../support/ui-stage/staged-for-file.ts'
import { CAPABILITIES, SERVICES } from '../support/ui-stage/staged-worlds.ts'

/** Whose words the window uses that shows what a page asks for, in a real Chromium from the built extension. */
const staged = stagedForFile('en')

const OWN = SERVICES.map((service) =>
  service.id === 'openai' ? { ...service, id: 'mine', label: 'My own words' } : service,
)
const OF_OWN = CAPABILITIES.map((one) => (one.service === 'openai' ? { ...one, service: 'mine' } : one))

/** What the window says when a page asks for a service by this word of its own. */
async function said(scene: string, service?: string) {
  const staging = SCENES.find(({ name }) => name === scene)
  if (staging === undefined) throw new Error(`there is no scene ${scene}`)
  const { answers } = staging.world
  const asked = answers['site-request'] as object
  const wished = service === undefined ? asked : { ...asked, service }
  const own = { 'service-list': OWN, 'capability-list': OF_OWN, 'site-request': wished }
  await staged().show({ ...staging, world: { ...staging.world, answers: { ...answers, ...own } } })
  const read = (selector: string) => staged().page.$eval(selector, (box) => box.textContent.trim())
  return { title: await read('#request h1'), answers: await read('.approve-answers') }
}

test.each(['openai', 'https://api.openai.com', 'mine'])(
  'a service of the vault is called what its owner calls it: asked for as %s',
  async (word) => {
    const { title, answers } = await said('request-inert', word)
    expect(title).toBe('wants to use My own words')
    expect(answers).toContain('Allow')
  },
)

test('what the vault has none of is called what the page calls it, and said to be its word', async () => {
  const { title, answers } = await said('request-inert', 'My own words')
  expect(title).toBe('wants to use something, and calls it: My own words')
  expect(answers).toContain('You have no key for this')
})

test('a vault that is not open says no name of its own', async () => {
  const { title } = await said('request-locked', 'openai')
  expect(title).toBe('wants to use something, and calls it: openai')
})

test('of a service without a capability the window does not say that it has no key', async () => {
  const scene = SCENES.find(({ name }) => name === 'request-no-capability')
  if (scene === undefined) throw new Error('there is no such scene')
  await staged().show(scene)
  const answers = await staged().page.$eval('.approve-answers', (box) => box.textContent)
  expect(answers).toContain('You have its key, but no capability')
  expect(answers).toContain('Add a capability')
})

test('what can be given is said in its own words from the first picture on', async () => {
  const scene = SCENES.find(({ name }) => name === 'request-inert')
  if (scene === undefined) throw new Error('there is no such scene')
  const { page } = staged()
  const watching = await page.evaluateOnNewDocument(noteFirst)
  await staged().show(scene)
  await page.removeScriptToEvaluateOnNewDocument(watching.identifier)
  const first = await page.evaluate(() => (globalThis as unknown as { first?: string }).first)
  expect(first).toContain(await page.$eval('#capability-text', (text) => text.textContent))
  expect(first).toBe(await page.$eval('.approve-answers', (box) => box.textContent))
})

/** Runs in the page before its own scripts: keeps what the answers say as soon as there are any, and whether an Allow counts then. */
function noteFirst(): void {
  const look = new MutationObserver(() => {
    if (document.querySelector('#capability-text') === null) return
    look.disconnect()
    const allow = document.querySelector('.approve-answers .button-primary')
    Object.assign(globalThis, {
      first: document.querySelector('.approve-answers')?.textContent,
      allowed: allow?.ariaDisabled === 'true' ? 'inert' : 'armed',
    })
  })
  look.observe(document, { subtree: true, childList: true })
}

test('the time in which an Allow is inert begins with the first picture, however late the words come', async () => {
  const scene = SCENES.find(({ name }) => name === 'request-inert')
  if (scene === undefined) throw new Error('there is no such scene')
  const { page } = staged()
  const watching = await page.evaluateOnNewDocument(noteFirst)
  const hold = async (request: HTTPRequest) => {
    // Longer than an Allow is inert.
    if (/catalogue/.test(request.url())) await new Promise((held) => setTimeout(held, 2 * INERT_MS))
    await request.continue()
  }
  page.on('request', hold)
  await page.setRequestInterception(true)
  await staged().show(scene)
  const allowed = await page.evaluate(() => (globalThis as unknown as { allowed?: string }).allowed)
  page.off('request', hold)
  await page.setRequestInterception(false)
  await page.removeScriptToEvaluateOnNewDocument(watching.identifier)
  expect(allowed).toBe('inert')
})
