import type { Page } from 'puppeteer-core'
import { beforeAll, expect, test } from 'vitest'
import type { Harness } from './page-harness/browsers.ts'
import { both } from './page-harness/probe.ts'
import type { TestServer } from './page-harness/server.ts'
import { inEachBrowser } from './page-harness/suite.ts'

inEachBrowser('fetch', (suite) => {
  const name = suite.browserName
  let server: TestServer
  let harness: Harness
  let page: Page

  beforeAll(() => {
    ;({ server, harness, page } = suite)
  })

  const outcome = (probe: (base: string) => Promise<unknown>) => both(page, probe)

  test('a page sees the same fetch, prototypes and globals as without the extension', async () => {
    const seen = await page.evaluate(() => {
      const show = (owner: object, key: string) => {
        const property = Object.getOwnPropertyDescriptor(owner, key)
        const made = property?.value ?? property?.get
        return [
          key,
          typeof property?.value,
          property?.writable,
          property?.enumerable,
          property?.configurable,
          made?.name,
          made?.length,
          Function.prototype.toString.call(made),
        ]
      }
      return {
        shown: [
          show(globalThis, 'fetch'),
          show(Function.prototype, 'toString'),
          ...['url', 'type', 'redirected', 'clone', 'text'].map((key) => show(Response.prototype, key)),
          ...['open', 'send', 'abort', 'status', 'response', 'readyState'].map((key) =>
            show(XMLHttpRequest.prototype, key),
          ),
        ],
        globals: Object.keys(globalThis).filter((key) => /valet|vk/i.test(key)),
        hidden: Object.getOwnPropertyNames(globalThis).filter((key) => /valet/i.test(key)),
        symbols: Object.getOwnPropertySymbols(globalThis).filter((key) => /valet/i.test(String(key))).length,
        own: fetch.toString === Function.prototype.toString,
      }
    })
    expect(seen).toMatchObject({ globals: [], hidden: [], symbols: 0, own: true })
    for (const [key, kind, , , configurable, made, , source] of seen.shown) {
      const bare = String(made).replace(/^get /, '')
      expect(bare, String(key)).toBe(key)
      expect(configurable).toBe(true)
      expect(String(source).replace(/\s+/g, ' ')).toMatch(/^function (get )?\w+\(\) \{ \[native code\] \}$/)
      expect(kind === 'function' || kind === 'undefined').toBe(true)
    }
  })

  test('every kind of body arrives as the browser itself would send it', async () => {
    const { plain, caught } = await outcome(async (base) => {
      const form = new FormData()
      form.set('a', 'é')
      form.set('f', new File([new Uint8Array([0, 255, 13, 10])], 'naïve ✓.bin'))
      const view = new Uint8Array([9, 1, 2, 255, 9]).subarray(1, 4)
      const bodies: [string, () => RequestInit][] = [
        ['string', () => ({ body: 'héllo \ud800 ✓' })],
        ['empty string', () => ({ body: '' })],
        ['none', () => ({})],
        ['blob', () => ({ body: new Blob(['abc'], { type: 'text/x-y' }) })],
        ['blob without type', () => ({ body: new Blob([new Uint8Array(300_000)]) })],
        ['search', () => ({ body: new URLSearchParams([['q', 'a b&é']]) })],
        ['buffer', () => ({ body: new Uint8Array([0, 128, 255]).buffer })],
        ['view', () => ({ body: view })],
        ['data view', () => ({ body: new DataView(view.buffer, 1, 2) })],
        ['object', () => ({ body: { toString: () => 'made text' } as unknown as string })],
        ['typed', () => ({ body: '{}', headers: { 'content-type': 'application/json' } })],
        ['patch', () => ({ method: 'PATCH', body: 'x' })],
        ['lower case patch', () => ({ method: 'patch', body: 'x' })],
        ['delete', () => ({ method: 'delete' })],
      ]
      const results: unknown[] = []
      for (const [kind, init] of bodies) {
        try {
          const response = await fetch(`${base}/echo`, { method: 'POST', ...init() })
          results.push([kind, await response.json()])
        } catch (error) {
          // Its words depend on when the last bytes come, in Chromium's own responses too.
          results.push([kind, (error as Error).name])
        }
      }
      const request = new Request(`${base}/echo`, {
        method: 'PUT',
        body: 'from a request',
        headers: { 'x-a': '1' },
      })
      results.push(['request', await (await fetch(request)).json(), request.bodyUsed])
      const echoed = await (await fetch(`${base}/echo`, { method: 'POST', body: form })).json()
      const boundary = /boundary=(.*)/.exec(echoed.headers['content-type'])?.[1] ?? 'none'
      results.push(['form', echoed.length - 3 * boundary.length, echoed.text.replaceAll(boundary, '*')])
      return results
    })
    expect(caught).toEqual(plain)
  })

  test('the length of a body is told where it can be known', async () => {
    const lengths = await page.evaluate(async () => {
      const ask = async (...args: Parameters<typeof fetch>) => {
        const { hasBody, bodyLength, received } = await (await fetch(...args)).json()
        return [hasBody, bodyLength, received]
      }
      return [
        await ask('/caught/ask'),
        await ask('/caught/ask', { method: 'POST', body: 'é' }),
        await ask('/caught/ask', { method: 'POST', body: new Blob([new Uint8Array(500_000)]) }),
        await ask(new Request('/caught/ask', { method: 'POST', body: 'in a request' })),
      ]
    })
    expect(lengths).toEqual([
      [false, 0, 0],
      [true, 2, 2],
      [true, 500_000, 500_000],
      [true, 12, 12],
    ])
  })

  test('a response looks like one from the network', async () => {
    const { plain, caught } = await outcome(async (base) => {
      const looks = async (response: Response) => {
        const copy = response.clone()
        const facts = (one: Response) => [
          one.url.replace(base, ''),
          one.type,
          one.redirected,
          one.status,
          one.statusText,
          one.ok,
          one.bodyUsed,
        ]
        let frozen = ''
        try {
          response.headers.set('a', 'b')
        } catch (error) {
          frozen = String(error)
        }
        const names = [...response.headers.keys()].filter((key) => key !== 'date')
        return [
          facts(response),
          facts(copy),
          names,
          Object.getOwnPropertyNames(response),
          frozen,
          await copy.text(),
          response.body !== null,
        ]
      }
      const cross = location.origin.replace('127.0.0.1', 'localhost') + base
      return [
        await looks(await fetch(`${base}/text#part`)),
        await looks(await fetch(`${cross}/text`)),
        await looks(await fetch(`${base}/redirect`)),
        await looks(await fetch(`${base}/redirect`, { redirect: 'manual' })),
        await looks(await fetch(`${base}/status?code=404`)),
        await looks(await fetch(`${base}/text`, { method: 'HEAD' })),
        await looks(await fetch(`${cross}/text`, { mode: 'no-cors' })),
        await Promise.all(
          [204, 205, 304].map(async (code) => (await fetch(`${base}/status?code=${code}`)).text()),
        ),
      ]
    })
    expect(caught).toEqual(plain)
  })

  test('a body can be read in every way', async () => {
    const { plain, caught } = await outcome(async (base) => {
      const url = `${base}/text?hex=7b2261223a2268c3a9227d&type=application/json;charset=utf-8`
      const blob = await (await fetch(url)).blob()
      const byob = (await fetch(url)).body?.getReader({ mode: 'byob' })
      const first = await byob?.read(new Uint8Array(4))
      const second = await byob?.read(new Uint8Array(40))
      const third = await byob?.read(new Uint8Array(4))
      const piped = (await fetch(url)).body?.pipeThrough(new TextDecoderStream())
      let text = ''
      for (const reader = piped?.getReader(); ; ) {
        const result = await reader?.read()
        if (!result || result.done) break
        text += result.value
      }
      const twice = await fetch(url)
      await twice.text()
      const marked = await (await fetch(`${base}/text?hex=efbbbf61`)).text()
      const bytes = new Uint8Array(await (await fetch(`${base}/text?hex=efbbbf00ff80`)).arrayBuffer())
      const again = new Response((await fetch(url)).body, await fetch(url))
      const form = await (
        await fetch(`${base}/text?hex=613d622b63&type=application/x-www-form-urlencoded`)
      ).formData()
      return [
        await (await fetch(url)).json(),
        [blob.type, blob.size],
        [...(first?.value ?? [])],
        second?.value?.length,
        third?.done,
        text,
        await twice.text().catch((error) => error.name),
        marked,
        [...bytes],
        [await again.text(), again.headers.get('content-type')],
        [...form],
      ]
    })
    expect(caught).toEqual(plain)
  })

  test('wrong arguments are refused in the words of the browser', async () => {
    const { plain, caught } = await outcome(async (base) => {
      const used = new Request(`${base}/echo`, { method: 'POST', body: 'x' })
      await used.text()
      const attempts: (() => Promise<unknown>)[] = [
        () => fetch(`${base}/echo`, { method: 'GET', body: 'x' }),
        () => fetch(`${base}/echo`, { method: 'CONNECT' }),
        () => fetch(`${base}/echo`, { method: 'a b' }),
        () => fetch(`${base}/echo`, { headers: { 'a b': 'c' } }),
        () => fetch(`${base}/echo`, { mode: 'navigate' }),
        () => fetch(used),
        () => Reflect.apply(fetch, {}, [`${base}/echo`]),
        () => fetch(`${location.protocol}//u:p@${location.host}${base}/echo`),
        () => fetch(`${base}/redirect`, { redirect: 'error' }),
        () => fetch(location.origin.replace('127.0.0.1', 'localhost') + base, { mode: 'same-origin' }),
        () => fetch(`${base}/text`, { integrity: 'sha256-AAAA' }),
        () => fetch(`${base}/echo`, { signal: AbortSignal.abort('my reason') }),
      ]
      return Promise.all(
        attempts.map((attempt) =>
          attempt().then(
            (it) => it,
            (error) => (error instanceof Error ? [error.name, error.message.replaceAll(base, '')] : error),
          ),
        ),
      )
    })
    expect(caught).toEqual(plain)
  })

  test('a body with the right digest passes, and receivers other than window work', async () => {
    const { plain, caught } = await outcome(async (base) => {
      const { fetch: loose } = window
      const integrity = 'sha256-LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ='
      return [
        await (await fetch(`${base}/text`, { integrity })).text(),
        await (await loose(`${base}/text`)).text(),
        await (await fetch.call(undefined, `${base}/text`)).text(),
        await (await fetch.bind(window)(new URL(`${base}/text`, location.href))).text(),
      ]
    })
    expect(plain).toEqual(['hello', 'hello', 'hello', 'hello'])
    expect(caught).toEqual(plain)
  })

  test('a digest may be in any spelling of base64 that the browser takes', async () => {
    const { plain, caught } = await outcome(async (base) => {
      const digest = 'LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ='
      const ofUrls = digest.replace('+', '-')
      const spelled = [digest, ofUrls, digest.slice(0, -1), ofUrls.slice(0, -1), digest.replace('+', '/')]
      const ask = (each: string) =>
        fetch(`${base}/text`, { integrity: `sha256-${each}` }).then(
          (answer) => answer.text(),
          (error: Error) => error.name,
        )
      return Promise.all(spelled.map(ask))
    })
    expect(caught).toEqual(plain)
    expect(plain).toEqual(['hello', 'hello', 'hello', 'hello', 'TypeError'])
  })

  test('abort rejects with its reason before and after the head, and tells the other side', async () => {
    const { plain, caught } = await outcome(async (base) => {
      const results: unknown[] = []
      const name = (error: unknown) =>
        error instanceof Error || error instanceof DOMException ? error.name : error
      const before = new AbortController()
      const pending = fetch(`${base}/hang`, { signal: before.signal })
      setTimeout(() => before.abort('because'), 50)
      results.push(await pending.catch(name))
      for (const reason of ['mine', undefined]) {
        const after = new AbortController()
        const reader = (await fetch(`${base}/slow`, { signal: after.signal })).body?.getReader()
        await reader?.read()
        after.abort(reason)
        results.push(await reader?.read().catch(name), await reader?.closed.catch(name))
        const late = new AbortController()
        const text = (await fetch(`${base}/slow`, { signal: late.signal })).text()
        late.abort()
        results.push(await text.catch(name))
      }
      results.push(await fetch(`${base}/hang`, { signal: AbortSignal.timeout(60) }).catch(name))
      return results
    })
    expect(caught).toEqual(plain)
    const seen = await page.evaluate(() => fetch('/caught/seen').then((answer) => answer.json()))
    expect(seen.cancelled.filter((path: string) => path === '/caught/slow')).toHaveLength(4)
    expect(seen.cancelled.filter((path: string) => path === '/caught/hang')).toHaveLength(2)
  })

  test('events of a stream come as they are sent', async () => {
    const gaps = await page.evaluate(async () => {
      const reader = (await fetch('/caught/sse')).body?.pipeThrough(new TextDecoderStream()).getReader()
      const parts: string[] = []
      for (;;) {
        const result = await reader?.read()
        if (!result || result.done) return parts
        parts.push(result.value)
      }
    })
    expect(gaps).toEqual([0, 1, 2, 3, 4].map((i) => `data: ${i}\n\n`))
  })

  test('a stream that is cut rejects its reader, and a call that is cut rejects', async () => {
    const seen = await page.evaluate(async () => {
      const describe = (error: Error) => [
        error.name,
        error.message,
        /extension|anonymous code/.test(String(error.stack)),
        // Chromium's begin with what the error is.
        String(error.stack).split('\n')[0] === `TypeError: ${error.message}`,
      ]
      const body = await fetch('/caught/cut-after')
      const reader = body.body?.getReader()
      const first = await reader?.read()
      return {
        first: new TextDecoder().decode(first?.value),
        read: await reader?.read().catch(describe),
        text: await (await fetch('/caught/cut-after')).text().catch(describe),
        before: await fetch('/caught/cut-before').catch(describe),
        gibberish: await fetch('/caught/gibberish').catch(describe),
      }
    })
    const isChromium = name === 'chromium'
    const [lost, none] =
      name === 'firefox'
        ? ['Error in input stream', 'NetworkError when attempting to fetch resource.']
        : ['network error', 'Failed to fetch']
    expect(seen).toEqual({
      // On a busy machine the next part may have come too.
      first: expect.stringMatching(/^part 0 é\n/),
      read: ['TypeError', lost, false, isChromium],
      text: ['TypeError', isChromium ? none : lost, false, isChromium],
      before: ['TypeError', none, false, isChromium],
      gibberish: ['TypeError', none, false, isChromium],
    })
  })

  test('of calls that are cut at one moment each learns it, whatever it is', async () => {
    const seen = await page.evaluate(async () => {
      const over: string[] = []
      const read = async (index: number) => {
        const reader = (await fetch('/caught/burst?cut')).body?.getReader()
        await reader?.read()
        const end = async (): Promise<void> => {
          const { done } = (await reader?.read()) ?? { done: true }
          if (!done) return end()
          over.push(`stream ${index} ended`)
        }
        return () => end().catch((error) => over.push(`stream ${index} ${error.name}`))
      }
      const ends = await Promise.all([0, 1, 2].map(read))
      const unanswered = fetch('/caught/never?cut').catch((error) => over.push(`fetch ${error.name}`))
      const xhr = new XMLHttpRequest()
      xhr.open('GET', '/caught/burst?cut')
      await new Promise((resolve) => {
        xhr.onprogress = resolve
        xhr.send()
      })
      const failed = new Promise((resolve) => {
        xhr.onerror = resolve
        xhr.onload = resolve
      }).then((event) => over.push(`xhr ${(event as Event).type}`))
      const reading = ends.map((end) => end())
      const cut = await (await fetch('/caught/cut-all')).json()
      await Promise.all([...reading, unanswered, failed])
      return { cut, over: over.sort() }
    })
    const streams = [0, 1, 2].map((index) => `stream ${index} TypeError`)
    expect(seen).toEqual({ cut: 5, over: ['fetch TypeError', ...streams, 'xhr error'] })
  })

  test('a refusal is a response', async () => {
    const seen = await page.evaluate(async () => {
      const response = await fetch('/caught/problem')
      return [
        response.status,
        response.headers.get('valet-key-problem'),
        response.type,
        await response.json(),
      ]
    })
    expect(seen).toMatchObject([403, 'denied', 'basic', { code: 'denied', detail: 'no', status: 403 }])
  })

  test('a slow reader slows the sender, and a reader who leaves ends the call', async () => {
    const ahead = await page.evaluate(async () => {
      const seen = async () => (await fetch('/caught/seen')).json()
      const before = (await seen()).sentAhead
      const reader = (await fetch('/caught/big?bytes=20000000')).body?.getReader()
      await reader?.read()
      // Until it has sent nothing more for a while, and something at all.
      let held = 0
      for (let end = performance.now() + 30_000, last = -1; performance.now() < end && held !== last; ) {
        last = held < 300_000 ? -1 : held
        await new Promise((resolve) => setTimeout(resolve, 700))
        held = (await seen()).sentAhead - before
      }
      await reader?.cancel()
      await new Promise((resolve) => setTimeout(resolve, 200))
      return { held, cancelled: (await seen()).cancelled.includes('/caught/big') }
    })
    expect(ahead.held).toBeGreaterThan(300_000)
    expect(ahead.held).toBeLessThanOrEqual(1024 * 1024 + 65_536)
    expect(ahead.cancelled).toBe(true)
  })

  test('fifty megabytes go down and up whole, never more than a window ahead', async () => {
    const result = await page.evaluate(async () => {
      const size = 50 * 1024 * 1024
      let down = 0
      let sum = 0
      const reader = (await fetch(`/caught/big?bytes=${size}`)).body?.getReader()
      for (;;) {
        const part = await reader?.read()
        if (!part || part.done) break
        down += part.value.length
        sum += part.value[part.value.length - 1] ?? 0
      }
      const block = new Uint8Array(1024 * 1024).fill(7)
      const up = await (
        await fetch('/caught/ask', {
          method: 'POST',
          body: new Blob(new Array<Uint8Array<ArrayBuffer>>(50).fill(block)),
        })
      ).json()
      const seen = await (await fetch('/caught/seen')).json()
      return { size, down, sum, received: up.received, length: up.bodyLength, ahead: seen.mostAhead }
    })
    expect(result).toMatchObject({ down: result.size, received: result.size, length: result.size })
    expect(result.ahead).toBeGreaterThan(0)
    expect(result.ahead).toBeLessThanOrEqual(1024 * 1024)
  })

  test('calls that are not caught are the browser\u2019s own', async () => {
    const seen = await page.evaluate(async () => {
      const error = await fetch('http://127.0.0.1:1/').catch((reason) => reason.message)
      let asked = 0
      const input = {
        toString() {
          asked += 1
          return '/plain/text'
        },
      }
      const text = await (await fetch(input as unknown as string)).text()
      const blob = await (await fetch(URL.createObjectURL(new Blob(['in a blob'])))).text()
      const entries = performance
        .getEntriesByType('resource')
        .filter((entry) => entry.name.includes('/plain/text')).length
      const beside = await fetch('/caughtnot')
      await beside.text()
      await new Promise((resolve) => setTimeout(resolve, 50))
      const timed = performance.getEntriesByName(new URL('/caughtnot', location.href).href).length
      const none = await Reflect.apply(fetch, window, []).catch((reason: Error) => reason.name)
      return {
        error,
        asked,
        text,
        blob,
        entries: entries > 0,
        none,
        below: beside.status,
        timed,
      }
    })
    expect(seen).toMatchObject({
      asked: 1,
      text: 'hello',
      blob: 'in a blob',
      entries: true,
      none: 'TypeError',
      below: 200,
      timed: 1,
    })
  })

  test('the page may replace its globals afterwards', async () => {
    const other = await harness.browser.newPage()
    await other.goto(`${server.origin}/page`)
    const text = await other.evaluate(async () => {
      const broken = () => {
        throw new Error('replaced')
      }
      for (const key of [
        'Request',
        'Response',
        'Headers',
        'URL',
        'Promise',
        'WeakMap',
        'Uint8Array',
        'setTimeout',
        'ReadableStream',
      ]) {
        Object.defineProperty(window, key, { value: broken, writable: true, configurable: true })
      }
      for (const key of ['push', 'shift', 'slice', 'join'] as const) Array.prototype[key] = broken
      Map.prototype.get = broken
      Function.prototype.call = broken
      String.prototype.startsWith = broken
      const answer = await fetch('/caught/text', { method: 'POST', body: 'x' })
      return answer.text()
    })
    expect(text).toBe('hello')
    await other.close()
  })
})
