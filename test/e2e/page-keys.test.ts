import type { Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { everythingIn, reads } from '../support/control-room-actions.ts'
import { grantSite } from '../support/grant-site.ts'
import { lookAt, sayTwice } from '../support/page-key-actions.ts'
import { type PageServer, startPageServer } from '../support/pages/page-server.ts'
import { BLANK } from '../support/pages/test-pages.ts'
import { type Stage, setUpStage } from '../support/stage.ts'
import { startFlowUpstream } from '../support/upstreams/flow-upstream.ts'
import type { LoopbackServer } from '../support/upstreams/loopback-server.ts'
import { BROWSERS, SITES } from './scene.ts'

/** The service takes the page's key and no other. */
const HELD = `sk-proj-${'Ab3dEf6h'.repeat(5)}`
const STORED = 'sk-proj-of-the-vault-0123456789'
const GROQ = `gsk_${'Zy9xWv8u'.repeat(6)}`
const settings = (key: string) => JSON.stringify({ state: JSON.stringify({ apiKey: key, model: 'gpt' }) })

/** A page that stores keys of its own, and sends one. */
describe.each(BROWSERS)('keys that a page holds itself, in %s', (browser) => {
  let stage: Stage
  let flow: LoopbackServer
  let site: PageServer
  let page: Page
  beforeAll(async () => {
    flow = await startFlowUpstream(HELD)
    site = await startPageServer({ pages: { '/': BLANK } })
    stage = await setUpStage({ browser, grantedOrigins: SITES })
    const { valetkey } = stage
    const service = [
      'service',
      'add',
      'mine',
      '--preset',
      'openai',
      '--base-url',
      `${flow.url}/v1`,
      '--local',
    ]
    await valetkey.ask([...service, '--secret-stdin'], STORED)
    await valetkey.ask(['capability', 'add', 'flow', '--service', 'mine', '--allow', 'GET /v1/**'])
    await grantSite(stage, site.origin, 'flow')
    page = await stage.driver.newPage(`${site.origin}/`)
    await page.evaluate(store, { settings: settings(HELD), groq: GROQ, theme: 'dark' })
  })
  afterAll(async () => {
    await stage?.close()
    await Promise.all([flow?.close(), site?.close()])
  })

  const statusWith = (key: string) => page.evaluate(call, `${flow.url}/v1/small`, key)
  const placeholder = async (service = 'mine') => {
    const services = (await stage.valetkey.ask(['service', 'list'])) as { id: string; placeholder: string }[]
    return services.find(({ id }) => id === service)?.placeholder ?? ''
  }

  test('are looked for where the site has a grant, and nowhere else', async () => {
    const other = await stage.driver.newPage(`${site.originAs('localhost')}/`)
    await other.evaluate(store, { settings: settings(HELD) })
    const control = await stage.driver.extensionPage('extension/control/index.html')
    expect(await control.evaluate(lookAt, site.originAs('localhost'))).toEqual({ value: null, script: false })
    const found = await control.evaluate(lookAt, site.origin)
    expect(found).toMatchObject({ value: { keys: { length: 2 }, whole: true }, script: true })
    expect(JSON.stringify(found)).not.toMatch(/Ab3dEf6h|Zy9xWv8u/)
    await Promise.all([other.close(), control.close()])
  })

  test('go into the vault at the owner’s word, and the page gets the placeholder in their place', async () => {
    // The vault's own key goes out, whatever the page sends.
    expect(await statusWith(HELD)).toBe(401)
    const popup = await stage.driver.popup(page)
    await reads(popup, 'This page has a key for OpenAI of its own.')
    await reads(popup, 'Sent with calls, in the header authorization')
    await sayTwice(popup, 'Replace the vault’s key with it')
    await reads(popup, 'The placeholder is in 1 entry of the storage.')
    expect(await everythingIn(popup)).not.toMatch(/Ab3dEf6h/)
    const stored = await page.evaluate(() => ({ ...localStorage }))
    expect(stored).toEqual({ settings: settings(await placeholder()), groq: GROQ, theme: 'dark' })
    expect(await statusWith(await placeholder())).toBe(200)
    if (!popup.isClosed()) await popup.close().catch(() => {})
  })

  test('make a service of their own, which the page is then offered', async () => {
    const popup = await stage.driver.popup(page)
    await reads(popup, 'This page has a key for Groq of its own.')
    expect(await popup.evaluate(() => document.body.textContent)).not.toContain('a key for OpenAI of its own')
    await sayTwice(popup, 'Move it into the vault')
    await reads(popup, 'The key for Groq is in the vault.')
    await popup.waitForFunction(() => document.querySelector('select')?.value === 'groq-groq-chat')
    expect(await page.evaluate(() => localStorage.getItem('groq'))).toBe(await placeholder('groq'))
    const log = (await stage.valetkey.ask(['audit', 'list', '--limit', '50'])) as { subject?: string }[]
    const moved = log.filter(({ subject }) => subject?.includes(' from '))
    expect(moved.map(({ subject }) => subject)).toEqual([
      `groq from ${site.origin}`,
      `mine from ${site.origin}`,
    ])
    expect(JSON.stringify(log)).not.toMatch(/Ab3dEf6h|Zy9xWv8u/)
    if (!popup.isClosed()) await popup.close().catch(() => {})
  })

  test('are not looked for once the grant is removed, though our scripts stay in the page', async () => {
    await page.evaluate(store, { again: HELD })
    const control = await stage.driver.extensionPage('extension/control/index.html')
    expect(await control.evaluate(lookAt, site.origin)).toMatchObject({ value: { keys: { length: 1 } } })
    const grants = (await stage.valetkey.ask(['grant', 'list'])) as { id: string }[]
    for (const { id } of grants) await stage.valetkey.ask(['grant', 'remove', id])
    expect(await control.evaluate(lookAt, site.origin)).toEqual({ value: null, script: true })
    await control.close()
  })
})

/** In the page: put entries into its storage. */
function store(entries: Record<string, string>): void {
  for (const [name, text] of Object.entries(entries)) localStorage.setItem(name, text)
}

/** In the page: the status of a call with a key of the page's own. */
async function call(url: string, key: string): Promise<number> {
  return (await fetch(url, { headers: { authorization: `Bearer ${key}` } })).status
}
