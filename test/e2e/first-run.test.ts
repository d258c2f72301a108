import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { everythingIn, press, reads } from '../support/control-room-actions.ts'
import { installArguments, type Stage, setUpStage } from '../support/stage.ts'

const KEY = 'a-key-only-the-local-server-knows'
const PASSPHRASE = 'four words nobody would guess'

/** A local server that lists its models to whoever has the key, as Jan does; told a status, it answers everybody with that. */
async function localServer(mode: { status: number | null }): Promise<Server> {
  const server = createServer((request, response) => {
    if (mode.status !== null) return void response.writeHead(mode.status).end()
    const known = request.url === '/v1/models' && request.headers.authorization === `Bearer ${KEY}`
    response.writeHead(known ? 200 : 401, { 'content-type': 'application/json' })
    response.end(JSON.stringify(known ? { data: [{ id: 'qwen3-8b' }] } : { error: 'no' }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

describe.each(['chromium', 'firefox'] as const)('the first run in %s', (browser) => {
  let stage: Stage
  const mode: { status: number | null } = { status: null }
  let upstream: Server
  let page: Page
  beforeAll(async () => {
    upstream = await localServer(mode)
    stage = await setUpStage({ browser, withoutVault: true, withoutHost: true })
    page = await stage.driver.extensionPage('extension/control/index.html#welcome')
  })
  afterAll(async () => {
    await stage?.close()
    await closed(upstream)
  })

  test('says that the host is not installed, with the command, and notices by itself when it is', async () => {
    await reads(page, 'The host is not installed')
    await reads(page, 'valetkey install')
    await stage.valetkey.ask(installArguments(browser, stage.home))
    await reads(page, 'Make your vault')
  })

  test('makes the vault and shows the recovery code until the owner has stored it', async () => {
    for (const field of await page.$$('input[type=password]')) await field.type(PASSPHRASE)
    await press(page, 'Make the vault')
    await reads(page, 'Store your recovery code')
    await page.$eval('input[type=checkbox]', (box) => (box as HTMLInputElement).click())
    await press(page, 'Continue')
    await reads(page, 'Which service is the key for?')
    expect(await everythingIn(page)).not.toContain(PASSPHRASE)
  })

  test('a key the service refuses is said to be refused, and can be entered again', async () => {
    await press(page, 'Jan (on this machine)')
    await reads(page, 'Name local models only')
    await reads(page, 'Set a key in Jan, or any program on this machine can use its server.')
    await fillIn(page, upstream, 'not-the-key')
    await reads(page, 'The service refused the key')
    await press(page, 'Start over with another key')
    await reads(page, 'Models it may use')
    const kept = await page.$$eval('input[type=url], textarea, input[type=password]', (fields) =>
      fields.map((field) => (field as HTMLInputElement).value),
    )
    // All but the key.
    expect(kept).toEqual([addressOf(upstream), '', 'qwen3-8b'])
  })

  test('the right key is taken, and no byte of it stays in the page', async () => {
    await page.type('input[type=password]', KEY)
    await press(page, 'Add and test')
    await reads(page, 'It works')
    expect(await everythingIn(page)).not.toContain(KEY)
    await press(page, 'Continue')
    await reads(page, 'Ready. Connect a site')
  })

  test('a server at an address of this machine is added only once its owner ticked that it is meant', async () => {
    await page.evaluate(() => {
      location.hash = '#services'
    })
    await press(page, 'Add a service')
    await press(page, 'Any OpenAI-compatible server')
    await page.waitForSelector('input[type=url]')
    await page.type('input[type=url]', `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/v1`)
    await reads(page, 'This service lives on this machine')
    await page.type('input[type=password]', KEY)
    await press(page, 'Add and test')
    await reads(page, 'is used only if you say so')
    expect(await stage.valetkey.ask(['service', 'list'])).toHaveLength(1)
    await page.$eval('.local-tick input', (box) => (box as HTMLInputElement).click())
    await press(page, 'Add and test')
    await reads(page, 'It works')
    await press(page, 'Continue')
    expect(await stage.valetkey.ask(['service', 'show', 'openai-compatible'])).toMatchObject({
      local: { address: null },
    })
  })

  test('a key that is pasted among the services opens its own, is warned of, and goes nowhere but its field', async () => {
    const live = `sk_live_${'4kQ7'.repeat(6)}`
    await press(page, 'Add a service')
    await page.waitForSelector('input[type=search]')
    const pastes = (text: string) =>
      page.$eval(
        'input[type=search]',
        (field, pasted) => {
          const paste = new Event('paste', { bubbles: true, cancelable: true })
          // Not every browser lets a script fill the clipboard of an event it makes.
          Object.defineProperty(paste, 'clipboardData', { value: { getData: () => pasted } })
          return { taken: !field.dispatchEvent(paste), shown: (field as HTMLInputElement).value }
        },
        text,
      )
    expect(await pastes('open')).toEqual({ taken: false, shown: '' })
    expect(await pastes(`Bearer ${'0f'.repeat(24)}`)).toEqual({ taken: true, shown: '' })
    await reads(page, 'No service is known by the shape of this key')
    expect(await pastes(`STRIPE_KEY="${live}"`)).toEqual({ taken: true, shown: '' })
    await reads(page, 'Careful: live secret key of Stripe')
    expect(await page.$eval('input[type=password]', (field) => (field as HTMLInputElement).value)).toBe(live)
    expect(await page.evaluate(() => document.body.innerText)).not.toContain('4kQ7')
    const [link] = await page.$$eval('form a[target=_blank]', (links) =>
      links.map((one) => [one.textContent, one.getAttribute('href')]),
    )
    expect(link).toEqual(['Make a key at dashboard.stripe.com', 'https://dashboard.stripe.com/apikeys'])
    await press(page, 'Choose another')
    expect(await everythingIn(page)).not.toContain('4kQ7')
    await press(page, 'Cancel')
  })

  test('a key is replaced and tested, and no byte of it stays in the page', async () => {
    await press(page, 'Replace key…')
    await page.type('input[type=password]', 'not-the-key')
    await press(page, 'Replace and test')
    await reads(page, 'The service refused the key')
    await press(page, 'Replace key…')
    await page.type('input[type=password]', KEY)
    await press(page, 'Replace and test')
    await reads(page, 'It works')
    expect(await everythingIn(page)).not.toContain(KEY)
  })

  test('a test says what is wrong: too little allowed, a wrong address, nobody there', async () => {
    const titles = [
      [403, 'The key is valid but limited'],
      [404, 'Nothing of the kind is at this address'],
      [null, 'It works'],
      ['closed', 'The service cannot be reached'],
    ] as const
    for (const [how, title] of titles) {
      if (how === 'closed') await closed(upstream)
      else mode.status = how
      await press(page, 'Test')
      await reads(page, title)
    }
  })

  test('the control room shows the service, and locking hides it until the passphrase is given', async () => {
    await page.evaluate(() => {
      location.hash = '#vault'
    })
    await press(page, 'Lock now')
    await reads(page, 'No page can use a key until you unlock it.')
    await page.type('input[type=password]', 'not the passphrase')
    await press(page, 'Unlock')
    await reads(page, 'That does not open this vault')
    await page.type('input[type=password]', PASSPHRASE)
    await press(page, 'Unlock')
    await page.evaluate(() => {
      location.hash = '#services'
    })
    await reads(page, 'Jan (on this machine)')
  })
})

/** Fill in the form of the preset for a local server, and send it. */
async function fillIn(page: Page, upstream: Server, key: string): Promise<void> {
  await page.waitForSelector('input[type=url]')
  await page.$eval('input[type=url]', (field) => (field as HTMLInputElement).select())
  await page.type('input[type=url]', addressOf(upstream))
  await page.type('input[type=password]', key)
  await page.type('textarea', 'qwen3-8b')
  await press(page, 'Add and test')
}

function addressOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Close a server with its connections; one that is closed already stays so. */
function closed(server: Server): Promise<unknown> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(resolve))
}
