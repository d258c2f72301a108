import type { Page } from 'puppeteer-core'
import { beforeAll, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import type { TestServer } from './page-harness/server.ts'
import { inEachBrowser } from './page-harness/suite.ts'

/** Longer than any test waits: a frame with this delay never hears from the extension itself what is caught. */
const NEVER = 600_000

inEachBrowser('frames of the page’s own origin', (suite) => {
  let server: TestServer
  let page: Page

  beforeAll(async () => {
    ;({ server, page } = suite)
    await page.evaluate(() => fetch('/caught/ask').then((answer) => answer.text()))
  })

  /** What arrived under a name, once so many did. */
  const arrived = (id: string, count: number) =>
    eventually(
      `${count} calls named ${id} are here`,
      () =>
        server.beacons.filter((beacon) => beacon.id.startsWith(id)).sort((a, b) => (a.id < b.id ? -1 : 1)),
      (seen) => seen.length >= count,
    )

  /** Counts the events that the page hears of what passes between its documents. */
  const listen = () =>
    page.evaluate(() => {
      const heard: string[] = []
      Object.assign(window, { heard })
      for (const type of ['valetkey-child', 'valetkey-catch', 'valetkey-port']) {
        for (const target of [window, document]) {
          target.addEventListener(type, () => heard.push(type), true)
          target.addEventListener(type, () => heard.push(type))
        }
      }
    })

  /** Send from a frame as it goes, and take it away. */
  const leave = (shown: Page, base: string, id: string) =>
    shown.evaluate(
      async (to, name, delay) => {
        const frame = document.createElement('iframe')
        frame.src = `/page?delay=${delay}`
        document.body.append(frame)
        await new Promise((resolve) => frame.addEventListener('load', resolve))
        const inside = frame.contentWindow as Window & typeof globalThis
        inside.addEventListener('pagehide', () => {
          const send = (at: number, init: RequestInit) =>
            inside.fetch(`${to}/beacon?id=${name}-${at}`, { keepalive: true, ...init }).catch(() => {})
          send(1, {})
          send(2, { method: 'POST', body: 'kept' })
          send(3, { method: 'POST', body: 'opaque', mode: 'no-cors' })
          inside.navigator.sendBeacon(`${to}/beacon?id=${name}-4`, 'bye')
        })
        frame.remove()
      },
      base,
      id,
      NEVER,
    )

  test('what a frame says as it is left arrives, before the extension has answered the frame', async () => {
    const elsewhere = server.origin.replace('127.0.0.1', 'localhost')
    const native = await suite.harness.browser.newPage()
    await native.goto(`${elsewhere}/page`)
    await leave(native, `${server.origin}/plain`, 'native')
    await native.close()
    const told = ({ method, text, type }: { method: string; text: string; type: string | null }) => [
      method,
      text,
      type,
    ]
    const natively = (await arrived('native', 4)).map(told)
    await listen()
    await leave(page, `${elsewhere}/plain`, 'passing')
    expect((await arrived('passing', 4)).map(told)).toEqual(natively)
    await leave(page, '/caught', 'caught')
    expect((await arrived('caught', 4)).map(told)).toEqual(natively)
    expect(await page.evaluate(() => (window as unknown as { heard: string[] }).heard)).toEqual([])
  })

  test('its synchronous call to another site is the browser’s own, and a caught one is refused', async () => {
    const elsewhere = server.origin.replace('127.0.0.1', 'localhost')
    const results = await page.evaluate(
      async (urls, delay) => {
        const frame = document.createElement('iframe')
        frame.src = `/page?delay=${delay}`
        document.body.append(frame)
        await new Promise((resolve) => frame.addEventListener('load', resolve))
        const { XMLHttpRequest: Xhr } = frame.contentWindow as Window & typeof globalThis
        const ask = (url: string) => {
          const xhr = new Xhr()
          xhr.open('GET', url, false)
          try {
            xhr.send()
            return xhr.responseText
          } catch (error) {
            return (error as Error).name
          }
        }
        const told = urls.map(ask)
        frame.remove()
        return told
      },
      [`${elsewhere}/plain/text`, `${elsewhere}/caught/text`],
      NEVER,
    )
    expect(results).toEqual(['hello', 'NetworkError'])
  })

  test('what is sent from a frame that was taken away goes nowhere, and fails as the browser’s own', async () => {
    const { plain, caught } = await suite.both(async (base) => {
      const frameOf = async () => {
        const frame = document.createElement('iframe')
        frame.src = '/page'
        document.body.append(frame)
        await new Promise((resolve) => frame.addEventListener('load', resolve))
        const inside = frame.contentWindow as Window & typeof globalThis
        await inside.fetch(`${base}/text`).then((answer) => answer.text())
        return { frame, inside }
      }
      const run = async (remove: 'before open' | 'after open') => {
        const { frame, inside } = await frameOf()
        const xhr = new inside.XMLHttpRequest()
        const lines: string[] = []
        const note = (name: string, act: () => unknown) => {
          try {
            lines.push(`${name}: ${act()}`)
          } catch (error) {
            const { name: kind, message } = error as Error
            lines.push(
              `${name}: ${kind} ${message.replace(base, '')} ${error instanceof inside.DOMException}`,
            )
          }
        }
        for (const type of ['readystatechange', 'loadstart', 'error', 'abort', 'load', 'loadend'])
          xhr.addEventListener(type, () => lines.push(type))
        if (remove === 'before open') frame.remove()
        note('open', () => xhr.open('GET', `${base}/text`))
        if (remove === 'after open') frame.remove()
        note('send', () => xhr.send())
        note('send again', () => xhr.send())
        await new Promise((resolve) => setTimeout(resolve, 100))
        return [remove, lines, xhr.readyState, xhr.status, xhr.responseText]
      }
      const { frame, inside } = await frameOf()
      const { fetch: ask } = inside
      frame.remove()
      const failure = ask(`${base}/text`).catch((error: Error) => `${error.name} ${error.message}`)
      const fetched = await Promise.race([
        failure,
        new Promise((resolve) => setTimeout(resolve, 500, 'silent')),
      ])
      return [await run('before open'), await run('after open'), fetched]
    })
    expect(caught).toEqual(plain)
    expect(JSON.stringify(plain)).toMatch(/send: (Network|InvalidState)Error/)
  })
})
