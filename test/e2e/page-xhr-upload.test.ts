import { beforeAll, expect, test } from 'vitest'
import { inEachBrowser } from './page-harness/suite.ts'
import { installXhrLog } from './page-harness/xhr-log.ts'

inEachBrowser('what an XMLHttpRequest tells of its upload', (suite) => {
  beforeAll(() => installXhrLog(suite.page))

  test('the size of every kind of body, from the start to the end', async () => {
    const { plain, caught } = await suite.both(async (base) => {
      const { xhrLog } = window
      const form = new FormData()
      form.append('plain', 'value')
      form.append('', '')
      form.append('na"me\nof\r\n\ré', 'lines\nof\r\rtext\r\n, "quoted" \u{1f511}')
      form.append('file', new Blob([new Uint8Array(300_000)]))
      form.append('named', new File(['é'], 'a "b"\r\nc\u00e9.txt', { type: 'text/x-y;charset=utf-8' }))
      const bodies: [string, XMLHttpRequestBodyInit | Document | null][] = [
        ['text', 'text'],
        ['long', '\u00e9'.repeat(150_000)],
        ['lone surrogate', 'a\ud800b'],
        ['search', new URLSearchParams('a=b c&d=\u00e9')],
        ['blob', new Blob([new Uint8Array(300_000)])],
        ['file', new File(['abc'], 'name')],
        ['bytes', new Uint8Array(1_048_576)],
        ['buffer', new ArrayBuffer(70_000)],
        ['view', new DataView(new ArrayBuffer(100), 10, 20)],
        ['form', form],
        ['empty form', new FormData()],
        ['document', new DOMParser().parseFromString('<a>é</a>', 'text/xml')],
        ['nothing', null],
      ]
      const results: unknown[] = []
      for (const [label, body] of bodies) {
        const xhr = new XMLHttpRequest()
        const lines = xhrLog.watch(xhr, true)
        const progress: ProgressEvent[] = []
        xhr.upload.addEventListener('progress', (event) => progress.push(event))
        xhr.responseType = 'json'
        xhr.open('POST', `${base}/echo`)
        const over = xhrLog.over(xhr)
        xhr.send(body)
        await over
        const last = progress.at(-1)
        const rises = progress.every(
          ({ loaded }, at) => at === 0 || loaded >= (progress[at - 1]?.loaded ?? 0),
        )
        // A browser draws the boundary of each form anew, and Firefox one of another length.
        const sizes =
          lines
            .join()
            .match(/\d{2,}\/\d{2,}|0\/\d{2,}/g)
            ?.join(' ') ?? ''
        const isForm = label.endsWith('form')
        const size = xhr.response.length
        results.push([
          label,
          isForm
            ? lines
                .filter((line) => line.startsWith('upload'))
                .map((line) => line.replaceAll(`${size}`, 'size'))
            : lines,
          rises,
          last && [last.loaded === size, last.total === size, last.lengthComputable],
          isForm || sizes,
          size > 0,
        ])
      }
      return results
    })
    expect(caught).toEqual(plain)
  })

  test('a body that nobody could listen to when it was sent', async () => {
    const { plain, caught } = await suite.both(async (base) => {
      const { xhrLog } = window
      const late = new XMLHttpRequest()
      late.open('POST', `${base}/echo`)
      late.send('a body')
      const own = xhrLog.watch(late, true)
      await xhrLog.over(late)
      const lines = xhrLog.watch(late)
      late.open('POST', `${base}/echo`)
      const over = xhrLog.over(late)
      late.send('another body')
      await over
      return [own, lines]
    })
    expect(caught).toEqual(plain)
  })

  test('who listens only after send hears what the browser tells, by where it goes and whether it asks first', async () => {
    const { plain, caught } = await suite.both(async (base) => {
      const elsewhere = location.origin.replace('127.0.0.1', 'localhost')
      const results: unknown[] = []
      const run = async (origin: string, isAsked: boolean, when: 'before' | 'late' | 'one before') => {
        const xhr = new XMLHttpRequest()
        const told = new Set<string>()
        const listen = () => {
          // No `progress`: what is sent within 50 ms may have none.
          for (const type of ['loadstart', 'load', 'loadend'])
            xhr.upload.addEventListener(type, () => told.add(type))
        }
        const { upload } = xhr
        if (when === 'before') listen()
        if (when === 'one before') upload.onerror = () => {}
        xhr.open('POST', `${origin}${base}/echo`)
        if (isAsked) xhr.setRequestHeader('x-a', '1')
        const over = window.xhrLog.over(xhr)
        xhr.send(new Uint8Array(300_000))
        if (when !== 'before') listen()
        await over
        results.push([origin ? 'elsewhere' : 'here', isAsked, when, xhr.status, [...told].join()])
      }
      for (const origin of ['', elsewhere])
        for (const isAsked of [false, true])
          for (const when of ['before', 'late', 'one before'] as const) await run(origin, isAsked, when)
      return results
    })
    expect(caught).toEqual(plain)
    expect(caught).toContainEqual(['elsewhere', false, 'late', 200, ''])
    expect(caught).toContainEqual(['here', false, 'late', 200, 'load,loadend'])
  })

  test('a GET has none, and no failure of one', async () => {
    const { plain, caught } = await suite.both(async (base) => {
      const { xhrLog } = window
      const results: unknown[] = []
      for (const body of [undefined, 'ignored']) {
        const xhr = new XMLHttpRequest()
        const lines = xhrLog.watch(xhr, true)
        xhr.open('GET', `${base}/text`)
        const over = xhrLog.over(xhr)
        xhr.send(body)
        await over
        results.push(lines)
      }
      return results
    })
    expect(caught).toEqual(plain)
  })

  // Firefox tells of the end of an upload only when an answer comes.
  test.runIf(suite.browserName === 'chromium')(
    'abort, a time limit and a failure while it is on its way',
    async () => {
      const { plain, caught } = await suite.both(async (base) => {
        const { xhrLog } = window
        const results: unknown[] = []
        const run = async (label: string, act: (xhr: XMLHttpRequest) => void, path = '/hang', size = 100) => {
          const xhr = new XMLHttpRequest()
          const lines = xhrLog.watch(xhr, true)
          xhr.open('POST', base + path)
          const over = xhrLog.over(xhr)
          act(xhr)
          xhr.send(new Uint8Array(size))
          if (label.startsWith('at once')) xhr.abort()
          await over
          // How much was out by then is a matter of timing; whether any was is not.
          results.push([label, lines.map((line) => line.replace(/[1-9]\d*\//, 'some/'))])
        }
        await run('at once', () => {})
        await run('at once, seen by handlers alone', (xhr) => {
          xhr.upload.onabort = () => results.push('upload.onabort')
          xhr.onabort = () => results.push('onabort')
        })
        await run(
          'at the first progress',
          (xhr) => {
            xhr.upload.onprogress = () => xhr.abort()
          },
          '/echo',
          6_000_000,
        )
        await run('at the start of all', (xhr) => {
          xhr.onloadstart = () => xhr.abort()
        })
        await run('at the start of the upload', (xhr) => {
          xhr.upload.onloadstart = () => xhr.abort()
        })
        await run('when it is out', (xhr) => {
          xhr.upload.onloadend = () => setTimeout(() => xhr.abort(), 0)
        })
        return results
      })
      expect(caught).toEqual(plain)
    },
  )
})
