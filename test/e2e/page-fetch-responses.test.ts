import { expect, test } from 'vitest'
import { inEachBrowser } from './page-harness/suite.ts'

/** What a page can do with an answer, compared with the browser's own answer of the same server in the same page. */
inEachBrowser('what fetch answers', (suite) => {
  test('headers: several as one, none of a cookie, Latin-1, empty ones, and no change to any', async () => {
    const { plain, caught } = await suite.both(async (base) => {
      const response = await fetch(`${base}/headers`)
      const { headers } = response
      const attempts = [
        () => headers.append('a', 'b'),
        () => headers.set('x-many', 'b'),
        () => headers.delete('x-many'),
        () => headers.set('a b', 'c'),
        () => response.clone().headers.set('a', 'b'),
      ]
      const failures = attempts.map((attempt) => {
        try {
          return attempt() ?? 'done'
        } catch (error) {
          return [(error as Error).name, (error as Error).message]
        }
      })
      const own = new Headers(headers)
      own.set('x-many', 'three')
      return [
        headers.get('x-many'),
        headers.get('set-cookie'),
        headers.getSetCookie(),
        headers.get('x-latin'),
        headers.get('x-empty'),
        headers.has('X-MANY'),
        own.get('x-many'),
        [...headers].filter(([name]) => name.startsWith('x-') && name !== 'x-stand-in'),
        [...headers.keys()].every((name, at, all) => at === 0 || (all[at - 1] as string) < name),
        failures,
      ]
    })
    expect(caught).toEqual(plain)
  })

  test('a part that was asked for, one that is not there, and one from the middle', async () => {
    const { plain, caught } = await suite.both(async (base) => {
      const results: unknown[] = []
      for (const range of ['bytes=0-4', 'bytes=30-', 'bytes=100-', 'odd']) {
        const response = await fetch(`${base}/range`, { headers: { Range: range } })
        results.push([response.status, response.headers.get('content-range'), await response.text()])
      }
      return results
    })
    expect(caught).toEqual(plain)
    expect(plain[0]).toEqual([206, 'bytes 0-4/36', '01234'])
  })

  test('a page that asks on a condition sees the 304', async () => {
    const { plain, caught } = await suite.both(async (base) => {
      const first = await fetch(`${base}/tagged`)
      const tag = first.headers.get('etag') as string
      const text = await first.text()
      const second = await fetch(`${base}/tagged`, { headers: { 'If-None-Match': tag } })
      return [text, second.status, second.ok, second.body !== null, await second.text()]
    })
    expect(caught).toEqual(plain)
    expect(plain).toEqual(['tagged', 304, false, true, ''])
  })

  test('redirects: followed, shown as opaque, refused, with the method each status means', async () => {
    const { plain, caught } = await suite.both(async (base) => {
      const results: unknown[] = []
      for (const code of [301, 302, 303, 307, 308]) {
        for (const method of ['GET', 'POST'] as const) {
          const init = method === 'POST' ? { method, body: 'b' } : { method }
          const response = await fetch(`${base}/hop?code=${code}`, init)
          const echoed = await response.json()
          results.push([
            code,
            method,
            response.redirected,
            response.url.replace(base, ''),
            echoed.method,
            echoed.text,
          ])
        }
        const manual = await fetch(`${base}/hop?code=${code}`, { redirect: 'manual' })
        results.push([
          manual.type,
          manual.status,
          manual.ok,
          manual.url.replace(base, ''),
          [...manual.headers],
        ])
        results.push([manual.redirected, manual.body, manual.statusText, await manual.text()])
        results.push(
          await fetch(`${base}/hop?code=${code}`, { redirect: 'error' }).catch((error) => error.message),
        )
      }
      const twice = await fetch(`${base}/hop?times=3`)
      return [...results, twice.redirected, twice.url.replace(base, '')]
    })
    expect(caught).toEqual(plain)
  })

  test('an opaque answer shows nothing', async () => {
    const { plain, caught } = await suite.both(async (base) => {
      const url = location.origin.replace('127.0.0.1', 'localhost') + base
      const response = await fetch(`${url}/text`, { mode: 'no-cors' })
      const refused = {
        mode: 'no-cors',
        integrity: 'sha256-LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=',
      } as const
      const posted = await fetch(`${url}/echo`, { mode: 'no-cors', method: 'POST', body: 'x' })
      return [
        [response.type, response.status, response.ok, response.url, response.statusText, response.redirected],
        [...response.headers],
        response.body,
        await response.clone().text(),
        (await response.blob()).size,
        posted.type,
        await fetch(`${url}/text`, refused).catch((error: Error) => error.name),
        await fetch(`${url}/echo`, { mode: 'no-cors', method: 'PUT' }).catch((error: Error) => error.name),
      ]
    })
    expect(caught).toEqual(plain)
  })

  test('what a page adds to every object is no part of an answer', async () => {
    const { plain, caught } = await suite.both(async (base) => {
      const keys = ['size', 'highWaterMark', 'start', 'pull', 'type', 'autoAllocateChunkSize']
      const read: string[] = []
      const refuse = (key: string) => ({
        get() {
          read.push(key)
          throw new Error(key)
        },
        configurable: true,
      })
      for (const key of keys) Object.defineProperty(Object.prototype, key, refuse(key))
      try {
        const response = await fetch(`${base}/text`).catch((error: Error) => error.message)
        return [typeof response === 'string' ? response : await response.text(), read]
      } finally {
        for (const key of keys) Reflect.deleteProperty(Object.prototype, key)
      }
    })
    expect(caught).toEqual(plain)
    expect(caught[0]).toBe('hello')
  })

  test('a page with an `origin` of its own has the same answers', async () => {
    const page = await suite.harness.browser.newPage()
    await page.goto(`${suite.server.origin}/page`)
    const probe = async (base: string) => {
      Object.assign(window, { origin: 'mine' })
      const shown = async (init: RequestInit) => {
        const response = await fetch(`${base}/text`, init).catch((error: Error) => error)
        if (response instanceof Error) return response.message
        return [response.type, response.status, response.url.endsWith('/text'), await response.text()]
      }
      const modes = ['cors', 'no-cors', 'same-origin'] as const
      return [window.origin, await Promise.all(modes.map((mode) => shown({ mode })))]
    }
    const plain = await page.evaluate(probe, '/plain')
    expect(await page.evaluate(probe, '/caught')).toEqual(plain)
    await page.close()
  })

  test('copies: both are whole, in any order of reading, and none can be made of what was read', async () => {
    const { plain, caught } = await suite.both(async (base) => {
      const one = await fetch(`${base}/slow?count=3&pause=10`)
      const two = one.clone()
      const three = two.clone()
      const texts = [await three.text(), await one.text(), await two.text()]
      const copied = () => {
        try {
          return one.clone()
        } catch (error) {
          return [(error as Error).name, (error as Error).message]
        }
      }
      const locked = await fetch(`${base}/text`)
      locked.body?.getReader()
      return [
        texts,
        copied(),
        await locked.text().catch((error: Error) => error.name),
        [two.url.replace(base, ''), two.type, two.status],
      ]
    })
    expect(caught).toEqual(plain)
  })

  test('bytes: into given memory, through pipes, in a loop, to another window, into other objects', async () => {
    const { plain, caught } = await suite.both(async (base) => {
      const url = `${base}/slow?count=4&pause=10`
      const reader = (await fetch(url)).body?.getReader({ mode: 'byob' })
      let given = ''
      for (let memory = new Uint8Array(7); ; ) {
        const { value, done } = (await reader?.read(memory)) ?? { done: true }
        if (value) given += new TextDecoder('latin1').decode(value)
        if (done || !value) break
        memory = new Uint8Array(value.buffer)
      }
      let looped = 0
      for await (const piece of (await fetch(url)).body ?? []) looped += piece.length
      const body = (await fetch(url)).body as ReadableStream
      const { port1, port2 } = new MessageChannel()
      const arrived = new Promise<string>((resolve) => {
        port2.onmessage = async ({ data }) => resolve(await new Response(data).text())
      })
      port1.postMessage(body, [body as unknown as Transferable])
      const [left, right] = ((await fetch(url)).body as ReadableStream).tee()
      const picture = await createImageBitmap(await (await fetch(`${base}/png`)).blob())
      const module = await WebAssembly.compileStreaming(fetch(`${base}/wasm`))
      const wrong = await WebAssembly.compileStreaming(fetch(`${base}/text`)).catch((error) => error.name)
      const form = await (await fetch(`${base}/form`)).formData()
      const form2 = await (await fetch(`${base}/text`)).formData().catch((error: Error) => error.name)
      const again = await fetch(url)
      const made = new Response(again.body, again)
      return [
        given,
        looped,
        await arrived,
        [await new Response(left).text(), await new Response(right).text()],
        [picture.width, picture.height],
        String(module),
        wrong,
        [...form],
        form2,
        [await made.text(), made.status, made.url, made.type, made.headers.get('content-type')],
      ]
    })
    expect(caught).toEqual(plain)
  })

  test('a page may keep an answer itself', async () => {
    const { plain, caught } = await suite.both(async (base) => {
      const cache = await caches.open('kept')
      const response = await fetch(`${base}/text`)
      await cache.put(`/kept${base}`, response)
      const kept = await cache.match(`/kept${base}`)
      return [await kept?.text(), kept?.status, kept?.headers.get('x-a'), response.bodyUsed]
    })
    expect(caught).toEqual(plain)
  })

  test('an answer that was packed is unpacked, and one that ends early is an error', async () => {
    const { plain, caught } = await suite.both(async (base) => {
      const packed = await fetch(`${base}/gzip`)
      const cut = await fetch(`${base}/truncated`)
      return [(await packed.text()).length, cut.status, await cut.text().catch((error: Error) => error.name)]
    })
    expect(caught).toEqual(plain)
  })

  test('what has no body has none, whatever it is read as', async () => {
    const { plain, caught } = await suite.both(async (base) => {
      const results: unknown[] = []
      for (const [path, method] of [
        ['/status?code=204', 'GET'],
        ['/status?code=205', 'GET'],
        ['/text', 'HEAD'],
        ['/status?code=500', 'GET'],
      ] as const) {
        const response = await fetch(base + path, { method })
        results.push([
          path,
          response.body === null,
          response.bodyUsed,
          (await response.blob()).size,
          response.bodyUsed,
        ])
      }
      return results
    })
    expect(caught).toEqual(plain)
  })

  test('failures are those of the browser, and tell nothing of what is between', async () => {
    const seen = await suite.page.evaluate(async () => {
      const texts: string[] = []
      const note = (error: Error) =>
        texts.push(
          error.name,
          error.message,
          String(error.stack),
          String((error as { fileName?: string }).fileName),
        )
      await fetch('/caught/cut-before').catch(note)
      await (await fetch('/caught/cut-after')).text().catch(note)
      await (await fetch('/caught/text')).json().catch(note)
      await fetch('/caught/text', { method: 'a b' }).catch(note)
      await Reflect.apply(fetch, {}, ['/caught/text']).catch(note)
      await fetch('/caught/text', { redirect: 'error', integrity: 'sha256-AAAA' }).catch(note)
      const response = await fetch('/caught/text')
      await response.text()
      await response.text().catch(note)
      return texts
    })
    expect(seen.length).toBe(28)
    // The driver names the file of this test in what it runs, and so the folder that the project is in.
    const own = seen.map((text) => text.replaceAll(/\bpptr:[^\n]*/g, ''))
    expect(own.filter((text) => /extension:|anonymous code|valet|placeholder/i.test(text))).toEqual([])
  })
})
