import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeCanary, searchFor } from '../support/canary.ts'
import { reachableText, watchPage } from '../support/canary-page.ts'
import { searchStage } from '../support/canary-stage.ts'
import { type PageServer, startPageServer } from '../support/pages/page-server.ts'
import { BLANK } from '../support/pages/test-pages.ts'
import { type Stage, setUpStage } from '../support/stage.ts'

/** The search for keys proves nothing unless it finds one that is there: a key is planted in each place in turn. */
describe.each(['chromium', 'firefox'] as const)('the search for keys in %s', (browser) => {
  let stage: Stage
  let site: PageServer
  beforeAll(async () => {
    stage = await setUpStage({ browser, withoutVault: true, withoutHost: true })
    site = await startPageServer({ pages: { '/': BLANK } })
  })
  afterAll(async () => {
    await stage?.close()
    await site?.close()
  })

  const PLANTS: Record<string, string> = {
    'the document': 'document.body.append(key)',
    'a form field': 'document.body.append(Object.assign(document.createElement("input"), { value: key }))',
    'local storage': 'localStorage.setItem("a", JSON.stringify({ key }))',
    'session storage': 'sessionStorage.setItem(key, "a")',
    'a cookie': 'document.cookie = "a=" + key',
    'a global object': 'globalThis.a = { deep: [new Map([["k", { key }]])] }',
    'a function': "globalThis.f = new Function('return ' + JSON.stringify(key))",
    'the network log': 'fetch("/?k=" + key)',
    'a request header': 'fetch("/", { headers: { "x-k": key } })',
    'the console': 'console.log(key)',
    'indexed storage':
      'new Promise((done) => { const open = indexedDB.open("p"); open.onupgradeneeded = () => open.result.createObjectStore("s"); open.onsuccess = () => { const put = open.result.transaction("s", "readwrite").objectStore("s").put(key, 1); put.onsuccess = () => { open.result.close(); done() } } })',
    'a cache': 'caches.open("c").then((cache) => cache.put("/", new Response(key)))',
  }

  test.each(Object.entries(PLANTS))('a key in %s is found', async (_place, script) => {
    const canary = makeCanary('planted')
    const page = await stage.driver.newPage()
    const watch = await watchPage(page)
    await page.goto(`${site.origin}/`)
    const find = async () => searchFor([canary], `${await reachableText(page)}\n${watch.text()}`, 'page')
    expect(await find()).toEqual([])
    await page.evaluate(`(async (key) => { await (${script}) })(${JSON.stringify(canary.key)})`)
    expect((await find()).map((finding) => finding.form)).toContain('plain')
    await page.close()
  })

  test('a key that only a closure holds is found on the heap or in memory', async () => {
    const canary = makeCanary('planted')
    const page = await stage.driver.newPage()
    const watch = await watchPage(page)
    await page.goto(`${site.origin}/`)
    const halves = JSON.stringify([canary.key.slice(0, 9), canary.key.slice(9)])
    await page.evaluate(`(() => {
      const held = new TextEncoder().encode(${halves}.join('')).map((byte) => byte)
      const text = new TextDecoder().decode(held)
      setInterval(() => [held, text], 1000)
    })()`)
    const places = await searchStage(stage, [{ name: 'page', page, watch }], [canary])
    expect(places.flatMap((place) => place.findings).length).toBeGreaterThan(0)
    await page.close()
  })

  test('a key in the extension’s storage is found', async () => {
    const canary = makeCanary('planted')
    await stage.driver.inBackground(
      `browser.storage.local.set({ a: ${JSON.stringify(canary.key)} }).then(() => null)`,
    )
    const places = await searchStage(stage, [], [canary])
    const storage = places.find((place) => place.place === 'extension: storage')
    expect(storage?.findings.map((finding) => finding.canary)).toContain('planted')
  })

  test('a key the command prints is found', async () => {
    const canary = makeCanary('planted')
    await stage.valetkey.run(['status', canary.key])
    const places = await searchStage(stage, [], [canary])
    expect(places.find((place) => place.place === 'what the command printed')?.findings).not.toEqual([])
  })

  test('another key is not found', () => {
    expect(searchFor([makeCanary('one')], makeCanary('two').key, 'here')).toEqual([])
  })
})
