import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'puppeteer-core'
import { expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { greetSocket } from './page-harness/greet-socket.ts'
import type { CaughtSuite } from './page-harness/suite.ts'

/** A page's WebSockets: never ours, but the owner is to know of those to an API. */
export function defineSockets(suite: CaughtSuite): void {
  const socketsAt = (host: string) => suite.server.origin.replace('http', 'ws').replace('127.0.0.1', host)
  const noticesOf = (page: Page) =>
    page.evaluate(async () => {
      const seen = (await (await fetch('/caught/seen')).json()) as { notices: string[] }
      return seen.notices
    })

  test('a WebSocket is the browser’s own in every respect', async () => {
    const seen: string[] = []
    for (const host of ['localhost', '127.0.0.1']) {
      const page = await suite.harness.browser.newPage()
      await page.goto(`http://${host}:${new URL(suite.server.origin).port}/page`)
      const shown = await page.evaluate(probeSockets, `${socketsAt(host)}/caught/socket`)
      seen.push(JSON.stringify(shown).replaceAll(host, 'HOST'))
      await page.close()
    }
    expect(JSON.parse(seen[1] as string)).toEqual(JSON.parse(seen[0] as string))
    expect(seen[1]).toContain('/caught/socket one, two')
  })

  test('the owner is told of a WebSocket to an API, from a document or a worker, and of no other', async () => {
    const elsewhere = createServer().on('upgrade', greetSocket)
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve))
    const page = await suite.harness.browser.newPage()
    try {
      const { port } = elsewhere.address() as AddressInfo
      await page.goto(`${suite.server.origin}/page`)
      expect(await page.evaluate(openSocket, `ws://127.0.0.1:${port}/caught/socket`)).toBe('open')
      expect(await noticesOf(page)).toEqual([])
      // Wherever at the API: what takes WebSockets need not be below what takes calls.
      expect(await page.evaluate(openSocket, `${socketsAt('localhost')}/socket`)).toBe('open')
      expect(await noticesOf(page)).toEqual(['socket'])
      await page.goto(`${suite.server.origin}/page`)
      expect(await noticesOf(page)).toEqual([])
      const inWorker = `postMessage(await (${openSocket})('${socketsAt('127.0.0.1')}/caught/socket'))`
      expect(await page.evaluate(runModule, inWorker)).toBe('open')
      await eventually(
        'the worker’s is told',
        () => noticesOf(page),
        (notices) => notices.length > 0,
      )
      expect(await noticesOf(page)).toEqual(['socket'])
    } finally {
      await page.close()
      await new Promise((resolve) => elsewhere.close(resolve))
    }
  })
}

/** Runs in a page or a worker: what becomes of a WebSocket first. */
function openSocket(url: string): Promise<string> {
  const socket = new WebSocket(url)
  return new Promise((resolve) => {
    socket.onopen = ({ type }) => resolve(type)
    socket.onerror = ({ type }) => resolve(type)
  })
}

/** Runs in a page: the first message of a worker that is a module of this text. */
async function runModule(code: string): Promise<unknown> {
  const worker = new Worker(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })), {
    type: 'module',
  })
  return await new Promise((resolve) => {
    worker.onmessage = ({ data }) => resolve(data)
  })
}

/** Runs in a page: what a WebSocket shows and does, and how wrong ones fail. */
async function probeSockets(url: string): Promise<unknown[]> {
  class Own extends WebSocket {
    readonly isOwn = true
  }
  const follow = (socket: WebSocket) =>
    new Promise((resolve) => {
      const seen: unknown[] = [socket.url, socket.readyState, socket.binaryType, Object.keys(socket)]
      socket.onopen = () => seen.push(['open', socket.protocol])
      socket.onmessage = ({ data, isTrusted }) => seen.push(['message', data, isTrusted])
      socket.onclose = ({ code, wasClean }) => resolve([...seen, ['close', code, wasClean]])
    })
  const failure = (build: () => unknown) => {
    try {
      return build()
    } catch (error) {
      const { name, message, stack = '' } = error as Error
      // Where the page itself was, line by line: none of it may be another's.
      return [name, message, stack.split('\n').filter((line) => /extension:|<anonymous code>/.test(line))]
    }
  }
  const build = (...args: unknown[]) => Reflect.construct(WebSocket, args)
  const own = Object.getOwnPropertyDescriptor(window, 'WebSocket')
  return [
    await follow(new WebSocket(url, ['one', 'two'])),
    await follow(new Own(url)),
    [new Own(url).isOwn, new Own(url) instanceof WebSocket, WebSocket.prototype.constructor === WebSocket],
    [String(WebSocket), WebSocket.name, WebSocket.length, Reflect.ownKeys(WebSocket).map(String).sort()],
    [WebSocket.OPEN, own?.writable, own?.enumerable, own?.configurable],
    failure(() => build()),
    failure(() => build('http://[')),
    failure(() => build('ftp://host/')),
    failure(() => build(url, ['same', 'same'])),
    failure(() => build(Symbol.iterator)),
    failure(() => (WebSocket as unknown as () => unknown)()),
  ]
}
