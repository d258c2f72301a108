import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'puppeteer-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { searchFor } from '../support/canary.ts'
import { everythingIn, press, reads } from '../support/control-room-actions.ts'
import { eventually } from '../support/eventually.ts'
import { type PageServer, startPageServer } from '../support/pages/page-server.ts'
import { BLANK } from '../support/pages/test-pages.ts'
import { headerOf } from '../support/upstreams/journal.ts'
import { type OidcUpstream, startOidcUpstream } from '../support/upstreams/oidc-upstream.ts'
import { call } from './in-page.ts'
import { onEachBrowser, type Scene } from './scene.ts'

const ID = 'signed'
const STORED = `Promise.all([browser.storage.local.get(), browser.storage.session.get()]).then((all) => JSON.stringify(all))`

/** A sign-in with `oidc-provider`, which is certified, from the control room's button to a page's call. */
onEachBrowser('a sign-in from the control room', (scene) => {
  let oidc: OidcUpstream
  let site: PageServer
  let control: Page
  beforeAll(async () => {
    oidc = await startOidcUpstream()
    oidc.says = 'asks'
    site = await startPageServer({ pages: { '/': BLANK } })
    scene.canaries.push({ name: 'the client secret', key: oidc.clientSecret })
    await addService(scene, oidc)
    await scene.grant(site.origin, ID)
    control = await scene.stage.driver.extensionPage('extension/control/index.html#services')
  })
  afterAll(async () => {
    await Promise.all([oidc?.server.close(), site?.close()])
  })

  const secrets = async () => {
    const shown = (await scene.stage.valetkey.ask(['service', 'show', ID])) as { secrets: string[] }
    return shown.secrets.toSorted()
  }
  /** Targets of the API and their credentials, oldest first. */
  const calls = () =>
    oidc.server.journal.calls
      .filter(({ target }) => target.startsWith('/v1/'))
      .map((arrival) => ({ target: arrival.target, bearer: headerOf(arrival, 'authorization') }))
  const formOf = (grantType: string) => oidc.asked().find((form) => form.get('grant_type') === grantType)

  /** Press the button, and find the tab that asks who is there. */
  async function begin(button = 'Sign in…'): Promise<Page> {
    await press(control, button)
    const asks = async () => {
      for (const page of await scene.stage.driver.browser.pages())
        if (page.url().startsWith(`${oidc.server.url}/`) && (await page.$('#yes')) !== null) return page
      return null
    }
    const tab = await eventually('a tab asks whether it may', asks, (page) => page !== null)
    if (tab === null) throw new Error('no tab asks')
    await reads(control, 'Waiting for the sign-in…')
    expect(await textOf(control)).not.toContain('It works')
    return tab
  }
  async function answer(tab: Page, button: '#yes' | '#no'): Promise<void> {
    await tab.bringToFront()
    await tab.click(button)
  }

  test('that is refused is said to be refused, and nothing is asked for, stored or tried', async () => {
    // Whoever closed the tab can have it again; that the first attempt is over then is no news to anybody.
    await (await begin()).close()
    const tab = await begin('Open the sign-in again')
    expect(await textOf(control)).not.toContain('begun anew')
    await answer(tab, '#no')
    await reads(tab, 'It did not work. Valet Key says why.')
    await reads(control, 'The authorization was refused where it was asked for.')
    const shown = await textOf(control)
    for (const wrong of ['It works', 'today']) expect(shown).not.toContain(wrong)
    expect(oidc.asked()).toEqual([])
    expect(calls()).toEqual([])
    expect(await secrets()).toEqual(['client-secret'])
    expect(JSON.stringify(await scene.stage.valetkey.ask(['audit', 'list']))).not.toContain(
      'service.authorize',
    )
    await tab.close()
  })

  test('is tried at once, and neither the code nor a token passes through the extension', async () => {
    const tab = await begin()
    expect(await textOf(control)).not.toContain('was refused')
    expect(await secrets()).toEqual(['client-secret'])
    await answer(tab, '#yes')
    await reads(tab, 'Back to Valet Key: you can close this tab.')
    await reads(control, 'It works')
    await tab.close()
    expect(await secrets()).toEqual(['client-secret', 'refresh-token'])
    // A server on this machine is tried without its key as well.
    expect(calls()).toEqual([
      { target: '/v1/api', bearer: expect.stringMatching(/^Bearer [\w-]{20,}$/) },
      { target: '/v1/api', bearer: null },
    ])
    const code = { name: 'the code', key: formOf('authorization_code')?.get('code') ?? '' }
    expect(code.key).toMatch(/^[\w-]{20,}$/)
    const places = {
      'control room': await everythingIn(control),
      storage: await scene.stage.driver.inBackground<string>(STORED),
      wire: readFileSync(scene.stage.wire ?? ''),
      command: scene.stage.transcript(),
    }
    for (const [place, found] of Object.entries(places)) {
      expect(found.length, place).toBeGreaterThan(0)
      expect(searchFor([code, ...minted()], found, place)).toEqual([])
    }
  })

  test('serves a page’s calls: they reach the API with a token, of which the page gets nothing', async () => {
    const page = await scene.open(`${site.origin}/`)
    const { status, text } = await call(page, `${oidc.server.url}/v1/api/things`)
    expect({ status, body: JSON.parse(text) }).toEqual({
      status: 200,
      body: { client: oidc.clientId, token: '[redacted]' },
    })
    const last = calls().at(-1)
    expect(last).toEqual({ target: '/v1/api/things', bearer: expect.stringMatching(/^Bearer [\w-]{20,}$/) })
    // The last test of all searches everything for these.
    scene.canaries.push(...minted())
    expect(scene.canaries.length).toBeGreaterThanOrEqual(3)
  })

  test('is offered as soon as such a service is added by the form, which asks for the client and not for a token', async () => {
    const secret = `GOCSPX-${'k7'.repeat(14)}`
    await press(control, 'Add a service')
    await press(control, 'Gmail')
    await reads(control, 'Client secret')
    await press(control, 'Add, then sign in')
    await reads(control, 'Paste the client secret first.')
    await control.type('input[type=password]', secret)
    await control.type(
      'input[placeholder$=".apps.googleusercontent.com"]',
      '0123456789-abcdefghijklmnop.apps.googleusercontent.com',
    )
    await press(control, 'Add, then sign in')
    await reads(control, 'It is added. Sign in')
    await reads(control, 'Sign in to Gmail')
    expect(await everythingIn(control)).not.toContain(secret)
    expect(await scene.stage.valetkey.ask(['service', 'show', 'gmail'])).toMatchObject({
      secrets: ['client-secret'],
    })
    await press(control, 'Sign in later')
    await eventually(
      'both services can be signed in to',
      () => textOf(control),
      (shown) => shown.split('Sign in…').length === 3,
    )
  })

  /** The tokens that were given, as the server saw them come back. */
  function minted() {
    const refresh = oidc.asked().flatMap((form) => form.get('refresh_token') ?? [])
    const access = calls().flatMap(({ bearer }) => bearer?.slice('Bearer '.length) ?? [])
    expect(refresh.length, 'a refresh token was used').toBeGreaterThan(0)
    expect(access.length, 'an access token was used').toBeGreaterThan(0)
    return [
      ...[...new Set(refresh)].map((key) => ({ name: 'a refresh token', key })),
      ...[...new Set(access)].map((key) => ({ name: 'an access token', key })),
    ]
  }
})

const textOf = (page: Page) => page.evaluate(() => document.body.innerText)

/** As its owner adds it on the command line; its client's secret comes from a file that is gone then. */
async function addService(scene: Scene, oidc: OidcUpstream): Promise<void> {
  const settings = {
    'client-id': oidc.clientId,
    'token-url': oidc.tokenUrl,
    'authorization-url': `${oidc.authorizationUrl}?prompt=consent`,
    issuer: oidc.server.url,
    scope: 'openid offline_access',
  }
  const folder = await mkdtemp(join(tmpdir(), 'valetkey-test-'))
  const file = join(folder, 'client-secret')
  await writeFile(file, oidc.clientSecret, { mode: 0o600 })
  const { valetkey } = scene.stage
  await valetkey.ask([
    ...['service', 'add', ID, '--base-url', `${oidc.server.url}/v1/api`, '--local'],
    ...['--auth', 'oauth2-refresh', '--secret-file', `client-secret=${file}`],
    ...Object.entries(settings).flatMap(([name, value]) => ['--set', `${name}=${value}`]),
  ])
  await rm(folder, { recursive: true })
  await valetkey.ask(['capability', 'add', ID, '--service', ID, '--allow', 'GET /**'])
}
