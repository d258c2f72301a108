import { beforeAll, expect, test } from 'vitest'
import { inEachBrowser } from './page-harness/suite.ts'
import { installXhrLog } from './page-harness/xhr-log.ts'

inEachBrowser('settings of an XMLHttpRequest', (suite) => {
  beforeAll(() => installXhrLog(suite.page))

  test('a time limit set at any time counts from send', async () => {
    const { plain, caught } = await suite.both(async (base) => {
      const { xhrLog } = window
      const results: unknown[] = []
      type Act = (xhr: XMLHttpRequest) => void
      const run = async (label: string, path: string, before: Act, after: Act = () => {}) => {
        const xhr = new XMLHttpRequest()
        const lines = xhrLog.watch(xhr)
        before(xhr)
        xhr.open('GET', base + path)
        const over = xhrLog.over(xhr)
        xhr.send()
        after(xhr)
        await over
        // Whether some of the body comes before the limit is a matter of timing.
        results.push([label, lines.filter((line) => line !== 'loading'), xhr.timeout, xhr.responseText])
      }
      const set = (limit: number) => (xhr: XMLHttpRequest) => {
        xhr.timeout = limit
      }
      await run('before open', '/hang', set(30))
      await run('after send', '/hang', () => {}, set(30))
      await run('shorter after send', '/hang', set(60_000), set(30))
      await run('in readystatechange of open', '/hang', (xhr) => {
        xhr.onreadystatechange = () => set(30)(xhr)
      })
      await run(
        'after it has passed',
        '/hang',
        () => {},
        (xhr) => setTimeout(() => set(1)(xhr), 40),
      )
      await run('with the head', '/slow?count=100&pause=50', (xhr) => {
        xhr.onreadystatechange = () => xhr.readyState === 2 && set(1)(xhr)
      })
      await run('with the body', '/slow?count=100&pause=50', (xhr) => {
        xhr.onprogress = () => set(1)(xhr)
      })
      await run('taken back', '/slow?count=3&pause=150', set(300), set(0))
      await run('at the end', '/text', (xhr) => {
        xhr.onload = () => set(1)(xhr)
      })
      const other = new XMLHttpRequest()
      const odd: unknown[] = []
      for (const value of [-1, 1.7, '20', Number.NaN, 4_294_967_297, null]) {
        other.timeout = value as number
        odd.push(other.timeout)
      }
      results.push(odd)
      return results
    })
    expect(caught).toEqual(plain)
  })

  test('request headers are combined as the browser combines them', async () => {
    const { plain, caught } = await suite.both(async (base) => {
      const { xhrLog } = window
      const results: unknown[] = []
      const send = async (set: (xhr: XMLHttpRequest) => unknown, prepare?: (xhr: XMLHttpRequest) => void) => {
        const xhr = new XMLHttpRequest()
        xhr.open('POST', `${base}/echo`)
        prepare?.(xhr)
        const said = set(xhr)
        xhr.responseType = 'json'
        const over = xhrLog.over(xhr)
        xhr.send('{}')
        await over
        results.push([said, xhr.response?.headers])
      }
      const all = (pairs: [string, string][]) => (xhr: XMLHttpRequest) =>
        pairs.map(([name, value]) => xhrLog.attempt(() => xhr.setRequestHeader(name, value)))
      await send(
        all([
          ['x-a', 'one'],
          ['X-A', 'two'],
          ['x-A', ''],
        ]),
      )
      await send(
        all([
          ['x-a', ''],
          ['x-a', ''],
        ]),
      )
      await send(
        all([
          ['x-a', '  spaced \t'],
          ['x-a', 'in  ner'],
        ]),
      )
      await send(all([['x-a', 'n\u00e4\u00efve']]))
      await send(
        all([
          ['Accept', 'a/b'],
          ['accept', 'c/d'],
        ]),
      )
      await send(
        all([
          ['authorization', 'Bearer one'],
          ['Authorization', 'two'],
        ]),
      )
      await send(
        all([
          ['Content-Type', 'a/b'],
          ['content-type', 'c/d'],
        ]),
      )
      await send(
        all([
          ['x-a', 'kept'],
          ['x a', 'no'],
          ['x-a', 'no\nno'],
          ['', ''],
          ['x-a', '\u0100'],
        ]),
      )
      await send(
        all([
          ['x-a', 'null'],
          ['x-a', null as unknown as string],
          ['x-a', 7 as unknown as string],
        ]),
      )
      await send(all([['x-a', 'second']]), (xhr) => {
        xhr.setRequestHeader('x-a', 'first')
        xhr.open('POST', `${base}/echo`)
      })
      return results
    })
    expect(caught).toEqual(plain)
  })

  test('response headers, empty ones too, in the order and the words of the browser', async () => {
    const { plain, caught } = await suite.both(async (base) => {
      const xhr = new XMLHttpRequest()
      const seen: unknown[] = []
      const read = () => {
        const lines = xhr.getAllResponseHeaders().split('\r\n')
        const names = ['x-empty', 'X-EMPTY', 'x-many', 'set-cookie', 'none', '', 'content-type ', 'x-latin']
        seen.push(
          [
            xhr.readyState,
            lines.at(-1),
            lines.filter((line) => /^(x-(?!stand)|content-type|set)/.test(line)),
          ],
          names.map((name) => xhr.getResponseHeader(name)),
        )
      }
      read()
      xhr.open('GET', `${base}/headers`)
      read()
      const over = window.xhrLog.over(xhr)
      xhr.onreadystatechange = () => xhr.readyState === 2 && read()
      xhr.send()
      read()
      await over
      read()
      return seen
    })
    expect(caught).toEqual(plain)
  })

  test('what can be set in which state', async () => {
    const { plain, caught } = await suite.both(async (base) => {
      const { xhrLog } = window
      const seen: unknown[] = []
      const xhr = new XMLHttpRequest()
      const tryAll = (where: string) => {
        const { attempt } = xhrLog
        const before = xhr.responseType
        seen.push([
          where,
          xhr.readyState,
          attempt(() => {
            xhr.responseType = 'text'
            xhr.responseType = before
            return xhr.responseType
          }),
          attempt(() => {
            xhr.responseType = 'a type of nobody' as XMLHttpRequestResponseType
            return xhr.responseType
          }),
          attempt(() => {
            xhr.withCredentials = true
            return xhr.withCredentials
          }),
          attempt(() => xhr.overrideMimeType('text/plain')),
          attempt(() => {
            xhr.timeout = 0
            return xhr.timeout
          }),
          attempt(() => xhr.setRequestHeader('x-a', where)),
          attempt(() => xhr.responseText),
          attempt(() => xhr.responseXML),
          attempt(() => xhr.response),
          attempt(() => xhr.getAllResponseHeaders().length > 0),
          xhr.responseURL.replace(base, ''),
        ])
      }
      const states = new Set<number>()
      tryAll('unsent')
      xhr.open('GET', `${base}/text#part`)
      tryAll('opened')
      xhr.onreadystatechange = () => {
        if (states.has(xhr.readyState)) return
        states.add(xhr.readyState)
        tryAll('changed')
        seen.push(xhrLog.attempt(() => xhr.send()))
      }
      xhr.onloadstart = () => {
        tryAll('loadstart')
        seen.push(xhrLog.attempt(() => xhr.send()))
      }
      xhr.onload = () => tryAll('load')
      const over = xhrLog.over(xhr)
      xhr.send()
      tryAll('sent')
      await over
      tryAll('over')
      return seen
    })
    expect(caught).toEqual(plain)
  })

  test('a type set once the head is here is the type of the body', async () => {
    const { plain, caught } = await suite.both(async (base) => {
      const results: unknown[] = []
      for (const type of ['', 'blob'] as const) {
        const xhr = new XMLHttpRequest()
        xhr.open('GET', `${base}/text?hex=836583588367`)
        xhr.responseType = type
        xhr.onreadystatechange = () => {
          if (xhr.readyState === 2) xhr.overrideMimeType('text/x-y;charset=shift_jis')
        }
        const over = window.xhrLog.over(xhr)
        xhr.send()
        await over
        results.push(type ? (xhr.response as Blob).type : xhr.responseText)
      }
      return results
    })
    expect(caught).toEqual(plain)
    expect(caught[0]).toBe('\u30c6\u30b9\u30c8')
  })

  test('memory that is shared is not sent, and what is sent after it is', async () => {
    const { plain, caught } = await suite.both(async (base) => {
      const { attempt, over, watch } = window.xhrLog
      const { buffer } = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true })
      const xhr = new XMLHttpRequest()
      const lines = watch(xhr)
      xhr.open('POST', `${base}/echo`)
      const bodies = [buffer, new Uint8Array(buffer), new DataView(buffer)] as unknown as BufferSource[]
      const refused = bodies.map((body) => [attempt(() => xhr.send(body)), xhr.readyState])
      const ended = over(xhr)
      xhr.send('a body')
      await ended
      return [refused, lines, xhr.status]
    })
    expect(caught).toEqual(plain)
  })

  test('a form of response chosen with the head, and one asked for too late', async () => {
    const { plain, caught } = await suite.both(async (base) => {
      const { xhrLog } = window
      const results: unknown[] = []
      const show = async (value: unknown) => {
        if (value instanceof ArrayBuffer) return ['buffer', ...new Uint8Array(value)]
        if (value instanceof Blob) return ['blob', value.type, await value.text()]
        if (value instanceof Document) return ['document', value.contentType, value.documentElement.outerHTML]
        return value
      }
      const forms: XMLHttpRequestResponseType[] = ['', 'text', 'json', 'arraybuffer', 'blob', 'document']
      for (const form of forms) {
        const xhr = new XMLHttpRequest()
        const said: unknown[] = []
        xhr.open('GET', `${base}/text?hex=3c613e3c2f613e&type=text/xml`)
        xhr.onreadystatechange = () => {
          if (xhr.readyState === 1) return
          const chosen = xhr.readyState === 2 ? form : 'json'
          const name = xhrLog.attempt(() => {
            xhr.responseType = chosen
            return xhr.responseType
          })
          if (!said.includes(`${xhr.readyState} ${name}`)) said.push(`${xhr.readyState} ${name}`)
        }
        const over = xhrLog.over(xhr)
        xhr.send()
        await over
        results.push([said, await show(xhr.response)])
      }
      return results
    })
    expect(caught).toEqual(plain)
  })

  test('a body that runs code of the page while it is made a text', async () => {
    const { plain, caught } = await suite.both(async (base) => {
      const { xhrLog } = window
      const results: unknown[] = []
      const run = async (body: (xhr: XMLHttpRequest) => unknown, isSent = true) => {
        const xhr = new XMLHttpRequest()
        const lines = xhrLog.watch(xhr)
        xhr.open('POST', `${base}/echo`)
        const over = xhrLog.over(xhr)
        const given = body(xhr)
        lines.push(`send: ${xhrLog.attempt(() => xhr.send(given as string))}`)
        if (isSent) await over
        results.push([lines, xhr.readyState, xhr.responseText])
      }
      await run(() => 7)
      await run(() => ({ toString: () => 'from an object' }))
      await run(() => () => 'a function')
      await run(() => [1, [2, 3]])
      await run(() => Symbol('no text'), false)
      await run(
        () => ({
          toString() {
            throw new RangeError('no text')
          },
        }),
        false,
      )
      await run((xhr) => ({ toString: () => xhr.open('GET', `${base}/text`) }))
      await run((xhr) => ({ toString: () => xhr.send('sooner') }))
      return results
    })
    expect(caught).toEqual(plain)
  })
})
