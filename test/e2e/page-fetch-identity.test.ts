import { expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { bundle } from './page-harness/scripts.ts'
import { inEachBrowser } from './page-harness/suite.ts'
import { defineSockets } from './page-sockets.ts'

/** What a page can tell by looking at `fetch` itself, and by what stands around it. */
inEachBrowser('fetch itself', (suite) => {
  const localhost = () => suite.server.origin.replace('127.0.0.1', 'localhost')

  test('has the properties, the text and the failures of the browser’s own, seen from a window without us too', async () => {
    const look = () => {
      const show = (property: PropertyDescriptor | undefined) => {
        const made = property?.value ?? property?.get
        if (typeof made !== 'function') return typeof made
        return [
          {
            ...property,
            value: typeof property?.value,
            get: typeof property?.get,
            set: typeof property?.set,
          },
          made?.name,
          made?.length,
          Object.getOwnPropertyNames(made).sort(),
          Object.getPrototypeOf(made) === Function.prototype,
          String(made),
          Function.prototype.toString.call(made),
          `${Object.prototype.toString.call(made)} ${typeof made}`,
        ]
      }
      const owners = {
        window,
        Response: Response.prototype,
        Xhr: XMLHttpRequest.prototype,
        Headers: Headers.prototype,
      }
      const constructs = (made: unknown) => {
        try {
          return Reflect.construct(made as new () => unknown, ['/'])
        } catch (error) {
          return (error as Error).name
        }
      }
      const all = Object.entries(owners).flatMap(([name, owner]) => {
        const keys = name === 'window' ? ['fetch'] : Reflect.ownKeys(owner)
        return keys
          .filter((key) => typeof key === 'string')
          .map((key) => [name, key, show(Object.getOwnPropertyDescriptor(owner, key))])
      })
      return JSON.stringify([
        all,
        constructs(fetch),
        Object.keys(window).filter((key) => !/^\d+$/.test(key)).length,
      ])
    }
    const caught = await suite.page.evaluate(look)
    // The manifest of the harness does not name localhost: no script of ours is in this page.
    const other = await suite.harness.browser.newPage()
    await other.goto(`${localhost()}/page`)
    expect(JSON.parse(caught)).toEqual(JSON.parse(await other.evaluate(look)))
    await other.close()
  })

  test('passes for native where pages look for that before they start', async () => {
    const seen = await suite.page.evaluate(() => {
      const frame = document.body.appendChild(document.createElement('iframe'))
      const inner = frame.contentWindow as unknown as typeof globalThis
      const texts = [
        fetch.toString(),
        `${fetch}`,
        Function.prototype.toString.call(fetch),
        inner.Function.prototype.toString.call(fetch),
        Function.prototype.toString.call(inner.fetch),
        XMLHttpRequest.prototype.open.toString(),
      ]
      const isNative = texts.map((text) => /\(\)\s*\{\s*\[native code\]\s*\}$/.test(text))
      frame.remove()
      return isNative
    })
    expect(seen).not.toContain(false)
  })

  test('works under every receiver and however it is taken from the window', async () => {
    const { plain, caught } = await suite.both(async (base) => {
      const { fetch: loose } = window
      const url = `${base}/text`
      const receivers: unknown[] = [
        undefined,
        null,
        window,
        self,
        globalThis,
        window.parent,
        {},
        1,
        document,
        Window.prototype,
      ]
      const results: unknown[] = []
      for (const receiver of receivers) {
        results.push(
          await Reflect.apply(loose, receiver, [url]).then(
            (response: Response) => response.text(),
            (error: Error) => [error.name, error.message],
          ),
        )
      }
      const bound = loose.bind(window, url)
      return [
        ...results,
        await (await bound()).text(),
        await (await loose.call(self, url)).text(),
        await (await loose(url)).text(),
      ]
    })
    expect(caught).toEqual(plain)
  })

  test('of another window is that window’s', async () => {
    const { plain, caught } = await suite.both(async (base) => {
      const frame = document.body.appendChild(document.createElement('iframe'))
      frame.src = '/page'
      await new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }))
      const inner = frame.contentWindow as unknown as typeof globalThis & Window
      const url = location.origin + base
      const response = await inner.fetch(`${url}/text`)
      const crossed = await Reflect.apply(fetch, inner, [`${url}/text`]).catch((error: Error) => error.name)
      const made = await fetch(new inner.Request(`${url}/text`))
      const results = [
        response instanceof inner.Response,
        response instanceof Response,
        await response.text(),
        typeof crossed === 'string' ? crossed : await crossed.text(),
        await made.text(),
      ]
      frame.remove()
      return results
    })
    expect(caught).toEqual(plain)
  })

  test('hands on what it does not catch: the same arguments, receiver, promise, failure, at once', async () => {
    const page = await suite.harness.browser.newPage()
    await page.goto(`${localhost()}/page`)
    const script = await bundle('extension/page/main.iife.ts')
    const seen = await page.evaluate(async (text: string) => {
      const calls: { self: unknown; args: unknown[]; result: unknown }[] = []
      let answer: () => unknown = () => Promise.resolve('fine')
      // Stands where the browser's own is, before our script comes.
      window.fetch = function (this: unknown, ...args: unknown[]) {
        const result = answer()
        calls.push({ self: this, args, result })
        return result
      } as typeof fetch
      // biome-ignore lint/security/noGlobalEval: runs the script alone, as in a page that nobody answers.
      globalThis.eval(text)
      const order: string[] = []
      const settled = fetch('/wake').then(() => order.push('first'))
      await settled
      const request = new Request('/plain/text')
      const init = { method: 'GET' }
      const self = { own: true }
      const promise = Reflect.apply(fetch, self, [request, init, 3])
      const same = calls.at(-1)
      const failure = new RangeError('mine')
      const rejected = Promise.reject(failure)
      rejected.catch(() => {})
      answer = () => rejected
      const rejection = fetch('/plain/text')
      answer = () => {
        throw failure
      }
      let thrown: unknown
      try {
        void fetch('/plain/text')
      } catch (error) {
        thrown = error
      }
      answer = () => Promise.resolve('fine')
      const ticks = async (call: () => Promise<unknown>) => {
        let count = 0
        let isOver = false
        void call().then(() => {
          isOver = true
        })
        while (!isOver) {
          count += 1
          await null
        }
        return count
      }
      return {
        args:
          same?.args.length === 3 && same.args[0] === request && same.args[1] === init && same.args[2] === 3,
        self: same?.self === self,
        promise: promise === same?.result,
        rejection: rejection === rejected,
        failure: (await rejection.catch((error: unknown) => error)) === failure,
        thrown: thrown === failure,
        ticks: [await ticks(() => fetch('/plain/text')), await ticks(() => Promise.resolve('fine'))],
        calls: calls.length,
      }
    }, script)
    expect(seen).toMatchObject({
      args: true,
      self: true,
      promise: true,
      rejection: true,
      failure: true,
      thrown: true,
      calls: 4,
    })
    expect(seen.ticks[0]).toBe(seen.ticks[1])
    await page.close()
  })

  test('can be wrapped by the page, and serves the wrapper as the browser’s own does', async () => {
    const { plain, caught } = await suite.both(async (base) => {
      const own = window.fetch
      const told: unknown[] = []
      window.fetch = async function (this: unknown, ...args: Parameters<typeof fetch>) {
        told.push(args.length, this === window)
        const response = await Reflect.apply(own, this, args)
        told.push(response.status)
        return response
      }
      const text = await (await window.fetch(`${base}/text`)).text()
      window.fetch = own
      const proxied = new Proxy(own, { apply: (target, self, args) => Reflect.apply(target, self, args) })
      const through = await (await proxied(`${base}/text`)).text()
      return [text, told, through, window.fetch === own]
    })
    expect(caught).toEqual(plain)
    await suite.page.reload()
  })

  test('goes on in a page that froze and sealed what is around it', async () => {
    const { plain, caught } = await suite.both(async (base) => {
      for (const each of [
        Response.prototype,
        Headers.prototype,
        Request.prototype,
        XMLHttpRequest.prototype,
        Promise.prototype,
      ]) {
        Object.freeze(each)
      }
      for (const each of [fetch, Response, Request, Headers, URL, Array.prototype]) Object.seal(each)
      const attempt = (act: () => unknown) => {
        try {
          return typeof act()
        } catch (error) {
          return (error as Error).name
        }
      }
      const results = [attempt(() => Object.freeze(window)), attempt(() => Object.seal(window))]
      const response = await fetch(`${base}/echo`, { method: 'POST', body: 'x' })
      return [...results, (await response.clone().json()).text, response.type, (await response.json()).method]
    })
    expect(caught).toEqual(plain)
    await suite.page.reload()
  })

  test('is all that is caught: pictures, scripts, styles, frames and forms go to the network as ever', async () => {
    const page = await suite.harness.browser.newPage()
    await page.goto(`${suite.server.origin}/page`)
    await page.evaluate(async () => {
      await (await fetch('/caught/text')).text()
      const load = (element: HTMLElement) =>
        new Promise((resolve) => {
          element.addEventListener('load', resolve)
          element.addEventListener('error', resolve)
          document.body.append(element)
        })
      const make = <K extends keyof HTMLElementTagNameMap>(tag: K, more: Partial<HTMLElementTagNameMap[K]>) =>
        Object.assign(document.createElement(tag), more)
      const frame = make('iframe', { name: 'target' })
      await Promise.all([
        load(make('img', { src: '/caught/img' })),
        load(make('script', { src: '/caught/script' })),
        load(make('link', { rel: 'stylesheet', href: '/caught/style' })),
        load(make('iframe', { src: '/caught/frame' })),
      ])
      const form = make('form', { action: '/caught/form', method: 'post', target: 'target' })
      document.body.append(frame, form)
      form.submit()
    })
    await eventually(
      'the form is there',
      () => suite.server.leaks.join(),
      (all) => all.includes('/form'),
    )
    const reached = suite.server.leaks.splice(0).map((line) => line.replace(/.*\//, ''))
    expect(reached).toEqual(expect.arrayContaining(['img', 'script', 'style', 'frame', 'form']))
    expect(reached).not.toContain('text')
    await page.close()
  })

  defineSockets(suite)

  test('fetchLater, where there is one, is not caught', async () => {
    const seen = await suite.page.evaluate(() => {
      const { fetchLater } = window as unknown as { fetchLater?: (url: string) => unknown }
      return fetchLater === undefined ? 'absent' : String(fetchLater)
    })
    expect(seen === 'absent' || /\[native code\]/.test(seen)).toBe(true)
  })

  test('a thousand calls at once all get their own answers', async () => {
    const wrong = await suite.page.evaluate(async () => {
      const calls = Array.from({ length: 1000 }, async (_, at) => {
        const asked = await (await fetch(`/caught/ask?${at}`)).json()
        return asked.url.endsWith(`?${at}`)
      })
      return (await Promise.all(calls)).filter((isIts) => !isIts).length
    })
    expect(wrong).toBe(0)
  })
})
