import type { Page } from 'puppeteer-core'
import { beforeAll, expect, test } from 'vitest'
import { both } from './page-harness/probe.ts'
import { inEachBrowser } from './page-harness/suite.ts'

inEachBrowser('XMLHttpRequest', (suite) => {
  let page: Page

  beforeAll(async () => {
    ;({ page } = suite)
    // Writes down what an instance does: repeated progress is one line, since its number is a matter of timing.
    await page.evaluate(() => {
      const record = (xhr: XMLHttpRequest, withUpload = false) => {
        const lines: string[] = []
        const note = (line: string) => {
          if (lines.at(-1) !== line) lines.push(line)
        }
        const types = [
          'readystatechange',
          'loadstart',
          'progress',
          'load',
          'error',
          'abort',
          'timeout',
          'loadend',
        ]
        for (const type of types) {
          xhr.addEventListener(type, (event) => {
            const { readyState, status } = xhr
            if (readyState === 3 && type !== 'abort') return note('loading')
            const size = type === 'load' || type === 'loadend' ? (event as ProgressEvent).loaded : ''
            note(
              `${type} ${readyState} ${status} ${size} ${event.target === xhr && event.currentTarget === xhr}`,
            )
          })
          if (withUpload) {
            xhr.upload.addEventListener(type, (event) => {
              const { loaded, total, lengthComputable } = event as ProgressEvent
              note(`upload ${type} ${type === 'progress' ? '' : `${loaded}/${total}/${lengthComputable}`}`)
            })
          }
        }
        return lines
      }
      const done = (xhr: XMLHttpRequest) =>
        new Promise((resolve) => xhr.addEventListener('loadend', () => setTimeout(resolve, 0)))
      Object.assign(window, { record, done })
    })
  })

  const outcome = (probe: (base: string) => Promise<unknown>) => both(page, probe)

  test('events come in the order of the browser', async () => {
    const { plain, caught } = await outcome(async (base) => {
      const { record, done } = window as unknown as {
        record(xhr: XMLHttpRequest, upload?: boolean): string[]
        done(xhr: XMLHttpRequest): Promise<unknown>
      }
      const results: unknown[] = []
      const run = async (path: string, body?: BodyInit, upload = false) => {
        const xhr = new XMLHttpRequest()
        const lines = record(xhr, upload)
        xhr.open(body === undefined ? 'GET' : 'POST', base + path)
        const over = done(xhr)
        xhr.send(body as XMLHttpRequestBodyInit)
        lines.push('send returned')
        await over
        results.push([path, lines])
      }
      await run('/text')
      await run('/text?hex=')
      await run('/status?code=204')
      await run('/status?code=404')
      await run('/slow?count=3')
      await run('/echo', 'a body', true)
      await run('/echo', new Blob([new Uint8Array(200_000)]), true)
      await run('/echo', 'a body', false)
      return results
    })
    expect(caught).toEqual(plain)
  })

  test('failures, timeouts and aborts tell what the browser tells', async () => {
    const { plain, caught } = await outcome(async (base) => {
      const { record, done } = window as unknown as {
        record(xhr: XMLHttpRequest, upload?: boolean): string[]
        done(xhr: XMLHttpRequest): Promise<unknown>
      }
      const results: unknown[] = []
      const run = async (
        label: string,
        act: (xhr: XMLHttpRequest) => void,
        path = '/hang',
        body?: string,
      ) => {
        const xhr = new XMLHttpRequest()
        const lines = record(xhr, body !== undefined)
        xhr.open(body === undefined ? 'GET' : 'POST', base + path)
        const over = done(xhr)
        act(xhr)
        await Promise.race([over, new Promise((resolve) => setTimeout(resolve, 10_000))])
        results.push([label, lines, xhr.readyState, xhr.status, xhr.responseText])
      }
      await run('timeout', (xhr) => {
        xhr.timeout = 60
        xhr.send()
      })
      await run('late timeout', (xhr) => {
        xhr.send()
        setTimeout(() => {
          xhr.timeout = 80
        }, 20)
      })
      await run('abort', (xhr) => {
        xhr.send()
        setTimeout(() => xhr.abort(), 50)
      })
      await run('abort at once', (xhr) => {
        xhr.send()
        xhr.abort()
      })
      await run(
        'abort while loading',
        (xhr) => {
          xhr.onprogress = () => xhr.abort()
          xhr.send()
        },
        '/slow',
      )
      await run(
        'abort in headers received',
        (xhr) => {
          xhr.onreadystatechange = () => xhr.readyState === 2 && xhr.abort()
          xhr.send()
        },
        '/slow',
      )
      await run(
        'abort when done',
        (xhr) => {
          xhr.onload = () => xhr.abort()
          xhr.send()
        },
        '/text',
      )
      const unsent = new XMLHttpRequest()
      const lines = record(unsent)
      unsent.abort()
      unsent.open('GET', base)
      unsent.abort()
      results.push([lines, unsent.readyState])
      return results
    })
    expect(caught).toEqual(plain)
  })

  test('a broken call is an error', async () => {
    const seen = await page.evaluate(async () => {
      const { record, done } = window as unknown as {
        record(xhr: XMLHttpRequest): string[]
        done(xhr: XMLHttpRequest): Promise<unknown>
      }
      const results: unknown[] = []
      for (const path of ['/caught/cut-before', '/caught/cut-after']) {
        const xhr = new XMLHttpRequest()
        const lines = record(xhr)
        xhr.open('GET', path)
        const over = done(xhr)
        xhr.send()
        await over
        results.push([lines.at(-2), xhr.status, xhr.responseText])
      }
      const refused = new XMLHttpRequest()
      refused.open('GET', '/caught/problem')
      const over = done(refused)
      refused.send()
      await over
      return [...results, [refused.status, refused.getResponseHeader('valet-key-problem')]]
    })
    expect(seen).toEqual([
      ['error 4 0  true', 0, ''],
      ['error 4 0  true', 0, ''],
      [403, 'denied'],
    ])
  })

  test('a response has every form', async () => {
    const { plain, caught } = await outcome(async (base) => {
      const { done } = window as unknown as { done(xhr: XMLHttpRequest): Promise<unknown> }
      const results: unknown[] = []
      const show = async (value: unknown): Promise<unknown> => {
        if (value instanceof ArrayBuffer) return ['buffer', ...new Uint8Array(value)]
        if (value instanceof Blob) return ['blob', value.type, ...new Uint8Array(await value.arrayBuffer())]
        if (value instanceof Document) return ['document', value.contentType, value.documentElement.outerHTML]
        return value
      }
      const kinds: [string, XMLHttpRequestResponseType, string?][] = [
        ['hex=68c3a9', ''],
        ['hex=68c3a9', 'text'],
        ['hex=68e9&type=text/plain;charset=iso-8859-1', ''],
        ['hex=68e9', '', 'text/plain; charset=windows-1252'],
        ['hex=ffd88000fe41', '', 'text/plain; charset=x-user-defined'],
        ['hex=efbbbf61', ''],
        ['hex=efbbbfc3a9&type=text/plain;charset=iso-8859-1', ''],
        ['hex=fffe6100e900', ''],
        ['hex=feff006100e9&type=text/plain;charset=utf-8', ''],
        ['hex=feff', '', 'text/plain; charset=windows-1252'],
        ['hex=fffe3c0061002f003e00&type=text/xml', 'document'],
        ['hex=7b2261223a317d', 'json'],
        ['hex=7b', 'json'],
        ['hex=', 'json'],
        ['hex=ffd88000fe41', 'arraybuffer'],
        ['hex=ffd88000fe41&type=image/png', 'blob'],
        ['hex=61', 'blob', 'text/x-y'],
        ['hex=61', 'blob', 'text/x-y;charset=utf-8'],
        ['hex=61&type=Text/X-y; Charset=utf-8', 'blob'],
        ['hex=3c703e6869&type=text/html', 'document'],
        ['hex=3c613e3c622f3e3c2f613e&type=application/xml', 'document'],
        ['hex=3c613e3c622f3e3c2f613e&type=text/xml', ''],
        ['hex=3c613e3c62&type=text/xml', ''],
        ['hex=61', 'document'],
      ]
      for (const [query, type, mime] of kinds) {
        const xhr = new XMLHttpRequest()
        xhr.open('GET', `${base}/text?${query}`)
        xhr.responseType = type
        if (mime) xhr.overrideMimeType(mime)
        const over = done(xhr)
        xhr.send()
        await over
        const attempt = (read: () => unknown) => {
          try {
            return read()
          } catch (error) {
            return (error as Error).name
          }
        }
        const { response } = xhr
        results.push([
          query,
          await show(response),
          // Chromium parses JSON anew each time; the standard has it parsed once.
          type === 'json' || Object.is(response, xhr.response),
          attempt(() => xhr.responseText),
          await show(attempt(() => xhr.responseXML)),
        ])
      }
      return results
    })
    expect(caught).toEqual(plain)
  })

  test('text can be read while it loads, and a character split over chunks is whole', async () => {
    const { plain, caught } = await outcome(
      (base) =>
        new Promise((resolve) => {
          const xhr = new XMLHttpRequest()
          const texts = new Set<string>()
          xhr.onreadystatechange = () => {
            if (xhr.readyState === 3) texts.add(xhr.responseText)
            if (xhr.readyState === 4)
              resolve([
                texts.size > 1,
                [...texts].every((text) => xhr.responseText.startsWith(text)),
                xhr.response,
              ])
          }
          xhr.open('GET', `${base}/slow?count=4&pause=200`)
          xhr.send()
        }),
    )
    expect(caught).toEqual(plain)
  })

  test('headers, settings and states are kept as the browser keeps them', async () => {
    const { plain, caught } = await outcome(async (base) => {
      const { done } = window as unknown as { done(xhr: XMLHttpRequest): Promise<unknown> }
      const attempt = (act: () => unknown) => {
        try {
          return act() ?? 'fine'
        } catch (error) {
          return (error as Error).name
        }
      }
      const xhr = new XMLHttpRequest()
      const results: unknown[] = [
        attempt(() => xhr.setRequestHeader('a', 'b')),
        attempt(() => xhr.send()),
        attempt(() => xhr.open('GET', 'http://[')),
        attempt(() => xhr.open('TRACE', base)),
        xhr.getAllResponseHeaders(),
        xhr.getResponseHeader('x-a'),
      ]
      xhr.open('POST', `${base}/echo`)
      xhr.setRequestHeader('X-A', '1')
      xhr.setRequestHeader('x-a', '2')
      xhr.setRequestHeader('Host', 'elsewhere')
      xhr.setRequestHeader('content-type', 'application/json; charset=latin1')
      results.push(attempt(() => xhr.setRequestHeader('b c', 'd')))
      xhr.responseType = 'json'
      const over = done(xhr)
      xhr.send('{"a":"é"}')
      results.push(
        attempt(() => xhr.send()),
        attempt(() => xhr.setRequestHeader('a', 'b')),
        attempt(() => {
          xhr.withCredentials = true
        }),
        xhr.readyState,
      )
      await over
      results.push(
        xhr.response,
        attempt(() => {
          xhr.responseType = 'text'
        }),
        attempt(() => xhr.overrideMimeType('a/b')),
        xhr.responseURL.replace(base, ''),
        xhr.getResponseHeader('CONTENT-TYPE'),
        xhr.getResponseHeader('none'),
        attempt(() => xhr.getResponseHeader.call(xhr, ...([] as unknown as [string]))),
      )
      xhr.open('GET', `${base}/text`)
      results.push(xhr.readyState, xhr.status, xhr.response)
      xhr.responseType = ''
      const again = done(xhr)
      xhr.send()
      await again
      const lines = xhr.getAllResponseHeaders().split('\r\n')
      results.push(
        xhr.responseText,
        lines.filter((line) => /^(x-|content-type)/.test(line)),
        lines.at(-1),
        Object.keys(xhr),
      )
      return results
    })
    expect(caught).toEqual(plain)
  })

  test('a reopened instance forgets the call it made', async () => {
    const { plain, caught } = await outcome(async (base) => {
      const { record, done } = window as unknown as {
        record(xhr: XMLHttpRequest): string[]
        done(xhr: XMLHttpRequest): Promise<unknown>
      }
      const xhr = new XMLHttpRequest()
      const lines = record(xhr)
      xhr.open('GET', `${base}/slow?pause=1500`)
      xhr.send()
      // Until some of the answer is there, however long that takes here.
      while (!lines.includes('loading')) await new Promise((resolve) => setTimeout(resolve, 20))
      // And no progress event is due any more: browsers hold the next one back for 50 ms (XMLHttpRequest standard).
      await new Promise((resolve) => setTimeout(resolve, 200))
      xhr.open('GET', `${base}/text`)
      lines.push(`reopened ${xhr.readyState} ${xhr.responseText}`)
      const over = done(xhr)
      xhr.send()
      await over
      return [lines, xhr.responseText]
    })
    expect(caught).toEqual(plain)
  })

  test('bodies and their types are those of the browser', async () => {
    const { plain, caught } = await outcome(async (base) => {
      const { done } = window as unknown as { done(xhr: XMLHttpRequest): Promise<unknown> }
      const results: unknown[] = []
      const xml = new DOMParser().parseFromString('<a>é</a>', 'text/xml')
      const bodies = [
        'text',
        '',
        new URLSearchParams('a=b c'),
        new Blob(['x'], { type: 'a/b' }),
        new Uint8Array([1, 2, 3]).subarray(1),
        xml,
        null,
      ]
      for (const body of bodies) {
        const xhr = new XMLHttpRequest()
        xhr.open('PUT', `${base}/echo`)
        xhr.responseType = 'json'
        const over = done(xhr)
        xhr.send(body)
        await over
        results.push(xhr.response)
      }
      return results
    })
    expect(caught).toEqual(plain)
  })

  test('handlers, listeners and subclasses work on the page\u2019s own instance', async () => {
    const { plain, caught } = await outcome(
      (base) =>
        new Promise((resolve) => {
          class Mine extends XMLHttpRequest {
            seen: string[] = []
          }
          const xhr = new Mine()
          xhr.addEventListener('load', () => xhr.seen.push('first'))
          xhr.onload = function (event) {
            xhr.seen.push(`handler ${this === xhr} ${event.target === xhr}`)
          }
          xhr.addEventListener('load', { handleEvent: () => xhr.seen.push('object') })
          const removed = () => xhr.seen.push('removed')
          xhr.addEventListener('load', removed)
          xhr.removeEventListener('load', removed)
          xhr.onloadend = () => resolve([xhr.seen, xhr instanceof XMLHttpRequest, xhr.responseText])
          xhr.open('GET', `${base}/text`)
          xhr.send()
        }),
    )
    expect(caught).toEqual(plain)
  })

  test('a synchronous caught call throws a NetworkError and never reaches the network', async () => {
    const seen = await page.evaluate(() => {
      const xhr = new XMLHttpRequest()
      xhr.open('GET', '/caught/echo', false)
      try {
        xhr.send()
        return 'sent'
      } catch (error) {
        return [(error as DOMException).name, error instanceof DOMException, xhr.readyState, xhr.status]
      }
    })
    expect(seen).toEqual(['NetworkError', true, 4, 0])
    const native = await page.evaluate(() => {
      const xhr = new XMLHttpRequest()
      xhr.open('GET', '/plain/text', false)
      xhr.send()
      return xhr.responseText
    })
    expect(native).toBe('hello')
  })
})
