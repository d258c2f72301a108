import type { Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { presetById } from '../../shared/presets/catalogue.ts'
import type { PageKeys } from '../../shared/protocol/page-keys.ts'
import { press, reads } from '../support/control-room-actions.ts'
import { eventually } from '../support/eventually.ts'
import { grantSite } from '../support/grant-site.ts'
import { lookAt, sayTwice } from '../support/page-key-actions.ts'
import { type PageServer, startPageServer } from '../support/pages/page-server.ts'
import { BLANK } from '../support/pages/test-pages.ts'
import { type Stage, setUpStage } from '../support/stage.ts'
import { startFlowUpstream } from '../support/upstreams/flow-upstream.ts'
import type { LoopbackServer } from '../support/upstreams/loopback-server.ts'
import { BROWSERS, SITES } from './scene.ts'

const OPENAI = `sk-proj-${'Ab3dEf6h'.repeat(5)}`
const COOKIE = `sk-proj-${'Mn4oPq7r'.repeat(5)}`
const GROQ = `gsk_${'Zy9xWv8u'.repeat(6)}`
const ANTHROPIC = `sk-ant-api03-${'Kl5mNo6p'.repeat(5)}`

/** A page that sends keys of its own, and keeps one in a database. */
describe.each(BROWSERS)('keys that a page holds where nobody has looked yet, in %s', (browser) => {
  let stage: Stage
  let flow: LoopbackServer
  let site: PageServer
  let page: Page
  let control: Page
  beforeAll(async () => {
    flow = await startFlowUpstream('sk-proj-of-the-vault-0123456789')
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
    await valetkey.ask([...service, '--secret-stdin'], 'sk-proj-of-the-vault-0123456789')
    await valetkey.ask(['capability', 'add', 'flow', '--service', 'mine', '--allow', 'GET /v1/**'])
    await grantSite(stage, site.origin, 'flow')
    control = await stage.driver.extensionPage('extension/control/index.html')
    page = await stage.driver.newPage(`${site.origin}/`)
  })
  afterAll(async () => {
    await stage?.close()
    await Promise.all([flow?.close(), site?.close()])
  })

  const look = async (deep = false) => {
    const { value } = (await control.evaluate(lookAt, site.origin, deep)) as { value: PageKeys }
    return value
  }
  const seen = async (deep = false) => {
    const { keys } = await look(deep)
    return keys.flatMap(({ preset, places }) => places.map(({ kind, name }) => `${preset} ${kind} ${name}`))
  }
  /** What the toolbar button shows on the page's tab. */
  const badgeIs = (wanted: string) =>
    eventually(
      `the button says ${wanted} on the tab`,
      () => control.evaluate(badgeOf, site.origin),
      (text) => text === wanted,
    )

  test('are told of by the toolbar button of that tab once a call carries one', async () => {
    expect(await page.evaluate(call, `${flow.url}/v1/small`, 'valet-key-placeholder')).toBe(200)
    await badgeIs('1')
    await page.evaluate(call, `${flow.url}/v1/small`, OPENAI)
    await badgeIs('key')
    expect(await control.evaluate(badgeOf, null)).toBe('1')
  })

  test('are told of no more where the owner says so, until they say otherwise', async () => {
    const popup = await stage.driver.popup(page)
    await reads(popup, 'This page has a key for OpenAI of its own.')
    await press(popup, 'Not this one')
    await reads(popup, 'You are not told of this page’s key for OpenAI.')
    await badgeIs('1')
    expect(await look()).toMatchObject({ quiet: ['openai'] })
    await press(popup, 'Tell me again')
    await badgeIs('key')
    expect(await look()).toMatchObject({ quiet: [] })
    if (!popup.isClosed()) await popup.close().catch(() => {})
  })

  test('are found in cookies, in calls of frames of the site, and where calls went past us', async () => {
    await page.evaluate((cookie) => {
      // biome-ignore lint/suspicious/noDocumentCookie: pages of today do so.
      document.cookie = cookie
    }, `held=${COOKIE}`)
    await page.evaluate(callInFrame, `${flow.url}/v1/small`, ANTHROPIC)
    await page.evaluate(callPast, site.originAs('localhost'))
    expect(await seen()).toEqual(
      expect.arrayContaining(['openai cookie held', 'openai call authorization', 'anthropic call x-api-key']),
    )
    expect((await look()).called).toContain(site.originAs('localhost'))
  })

  test('are found in databases, and taken out of records that hold nothing else there', async () => {
    const placeholder = presetById('groq')?.placeholder ?? ''
    await page.evaluate(fillDatabases, GROQ, placeholder)
    expect((await seen()).filter((each) => each.startsWith('groq'))).toEqual([])
    const places = ['groq indexed app / named', 'groq indexed app / settings', 'groq indexed strict / keys']
    await eventually(
      'a deep look finds it in all places',
      () => seen(true),
      (found) => places.every((place) => found.includes(place)),
    )
    const popup = await stage.driver.popup(page)
    await reads(popup, 'This page has a key for Groq of its own.')
    await sayTwice(popup, 'Move it into the vault')
    await reads(popup, 'The placeholder is in 1 entry of the storage.')
    await reads(popup, '3 entries could not be changed: the key is still in them.')
    expect(await page.evaluate(readDatabase, 'app', ['settings', 'named'])).toEqual({
      version: 3,
      records: [
        { id: 1, providers: { groq: { key: placeholder } }, at: 7 },
        { id: 2, note: `this one: ${GROQ}` },
        { key: GROQ },
      ],
    })
    expect(await page.evaluate(readDatabase, 'strict', ['keys'])).toMatchObject({
      records: [
        { id: 1, key: GROQ },
        { id: 2, key: placeholder },
      ],
    })
    // Nobody of us stands in the way of the page's next version.
    expect(await page.evaluate(upgradeDatabase)).toBe(4)
    if (!popup.isClosed()) await popup.close().catch(() => {})
  })

  test('are looked for no longer where the page keeps its database busy, and the look says so', async () => {
    await page.evaluate(keepBusy)
    expect(await look(true)).toMatchObject({ whole: false })
    await page.evaluate(() => {
      ;(globalThis as { isBusy?: boolean }).isBusy = false
    })
    await eventually(
      'all is looked through again',
      () => look(true),
      ({ whole }) => whole,
    )
  })
})

/** In the page: the status of a call with a key of the page's own. */
async function call(url: string, key: string): Promise<number> {
  return (await fetch(url, { headers: { authorization: `Bearer ${key}` } })).status
}

/** In the page: a call that we do not catch, until the browser has put it on the page's list of calls: some time after its answer. */
async function callPast(url: string): Promise<void> {
  const listed = new Promise<void>((resolve) => {
    const look = () => {
      if (performance.getEntriesByType('resource').some(({ name }) => name.startsWith(url))) resolve()
    }
    new PerformanceObserver(look).observe({ type: 'resource', buffered: true })
  })
  await fetch(url, { mode: 'no-cors' })
  await listed
}

/** In the page: a call from a frame of its own origin. */
async function callInFrame(url: string, key: string): Promise<number> {
  const frame = document.createElement('iframe')
  frame.src = '/'
  const loaded = new Promise((resolve) => {
    frame.onload = resolve
  })
  document.body.append(frame)
  await loaded
  const response = await frame.contentWindow?.fetch(url, { headers: { 'x-api-key': key } })
  return response?.status ?? 0
}

/** In a page of ours: what the toolbar button says on the tab of a site, and on all others for null. */
async function badgeOf(origin: string | null): Promise<string> {
  const { browser } = globalThis as unknown as { browser?: typeof chrome }
  const api = browser ?? chrome
  if (origin === null) return await api.action.getBadgeText({})
  const tab = (await api.tabs.query({})).find(({ url }) => url?.startsWith(`${origin}/`))
  return await api.action.getBadgeText({ tabId: tab?.id ?? -1 })
}

/**
 * In the page: databases that have a key as a value, within a text, as the name of a record, and where an index has the
 * placeholder already and takes nothing twice.
 */
async function fillDatabases(key: string, placeholder: string): Promise<void> {
  const fill = async (
    name: string,
    make: (database: IDBDatabase) => void,
    put: (store: (name: string) => IDBObjectStore) => void,
  ) => {
    const opened = Promise.withResolvers<IDBDatabase>()
    const request = indexedDB.open(name, 3)
    request.onupgradeneeded = () => make(request.result)
    request.onsuccess = () => opened.resolve(request.result)
    request.onerror = () => opened.reject(request.error)
    const database = await opened.promise
    const done = Promise.withResolvers<void>()
    const transaction = database.transaction([...database.objectStoreNames], 'readwrite')
    transaction.oncomplete = () => done.resolve()
    transaction.onabort = () => done.reject(transaction.error)
    put((store) => transaction.objectStore(store))
    await done.promise
    database.close()
  }
  await fill(
    'app',
    (database) => {
      database.createObjectStore('settings', { keyPath: 'id' })
      database.createObjectStore('named', { keyPath: 'key' })
      database.createObjectStore('other')
    },
    (store) => {
      store('settings').put({ id: 1, providers: { groq: { key } }, at: 7 })
      store('settings').put({ id: 2, note: `this one: ${key}` })
      store('named').put({ key })
      store('other').put(new Blob(['text']), 'blob')
    },
  )
  await fill(
    'strict',
    (database) =>
      database.createObjectStore('keys', { keyPath: 'id' }).createIndex('key', 'key', { unique: true }),
    (store) => {
      store('keys').put({ id: 1, key })
      store('keys').put({ id: 2, key: placeholder })
    },
  )
}

/** In the page: what stores of a database hold now, and its version. */
async function readDatabase(
  name: string,
  stores: string[],
): Promise<{ version: number; records: unknown[] }> {
  const opened = Promise.withResolvers<IDBDatabase>()
  const request = indexedDB.open(name)
  request.onerror = () => opened.reject(request.error)
  request.onsuccess = () => opened.resolve(request.result)
  const database = await opened.promise
  const records: unknown[] = []
  for (const store of stores) {
    const { promise, resolve } = Promise.withResolvers<unknown[]>()
    const all = database.transaction(store).objectStore(store).getAll()
    all.onsuccess = () => resolve(all.result)
    records.push(...(await promise))
  }
  database.close()
  return { version: database.version, records }
}

/** In the page: another version of the database, which a connection of somebody's would block. */
async function upgradeDatabase(): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const request = indexedDB.open('app', 4)
  request.onblocked = () => reject(new Error('blocked'))
  request.onerror = () => reject(request.error)
  request.onsuccess = () => {
    request.result.close()
    resolve(request.result.version)
  }
  return await promise
}

/** In the page: a transaction that goes on, and lets nobody else have the store, until the page says otherwise. */
async function keepBusy(): Promise<void> {
  const world = globalThis as { isBusy?: boolean }
  const { promise, resolve } = Promise.withResolvers<void>()
  const request = indexedDB.open('app')
  request.onsuccess = () => {
    const database = request.result
    const store = database.transaction('settings', 'readwrite').objectStore('settings')
    const again = () => {
      resolve()
      if (world.isBusy) store.get(1).onsuccess = again
      else database.close()
    }
    world.isBusy = true
    store.get(1).onsuccess = again
  }
  await promise
}
