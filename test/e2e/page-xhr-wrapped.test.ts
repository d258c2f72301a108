import { beforeAll, expect, test } from 'vitest'
import { inEachBrowser } from './page-harness/suite.ts'
import { installXhrLog } from './page-harness/xhr-log.ts'

inEachBrowser('an XMLHttpRequest the page put something on top of', (suite) => {
  beforeAll(() => installXhrLog(suite.page))

  test('a page that wraps open, send and setRequestHeader, as monitors do', async () => {
    const { plain, caught } = await suite.both(async (base) => {
      const { xhrLog } = window
      const seen: unknown[] = []
      const { prototype } = XMLHttpRequest
      const own = { open: prototype.open, send: prototype.send, setRequestHeader: prototype.setRequestHeader }
      for (const name of ['open', 'send', 'setRequestHeader'] as const) {
        prototype[name] = function (this: XMLHttpRequest, ...args: unknown[]) {
          seen.push([name, args.map(String).map((text) => text.replace(base, ''))])
          if (name === 'send') {
            const before = this.onreadystatechange
            this.onreadystatechange = function (event) {
              seen.push(`state ${this.readyState}`)
              before?.call(this, event)
            }
          }
          return Reflect.apply(own[name], this, args)
        } as never
      }
      try {
        const xhr = new XMLHttpRequest()
        xhr.onreadystatechange = () => xhr.readyState === 4 && seen.push(`its own ${xhr.status}`)
        xhr.open('POST', `${base}/echo`, true)
        xhr.setRequestHeader('x-a', 'wrapped')
        const over = xhrLog.over(xhr)
        xhr.send('body')
        await over
        const { method, headers, text } = JSON.parse(xhr.responseText)
        seen.push([method, headers['x-a'], text])
      } finally {
        Object.assign(prototype, own)
      }
      return [seen, Object.getOwnPropertyNames(new XMLHttpRequest())]
    })
    expect(caught).toEqual(plain)
  })

  test('a page that puts accessors of its own before those of the prototype', async () => {
    const { plain, caught } = await suite.both(async (base) => {
      const { xhrLog } = window
      const seen: unknown[] = []
      const { prototype } = XMLHttpRequest
      const keys = [
        'readyState',
        'status',
        'response',
        'responseText',
        'responseURL',
        'timeout',
        'upload',
      ] as const
      const own = keys.map((key) => Object.getOwnPropertyDescriptor(prototype, key) as PropertyDescriptor)
      keys.forEach((key, at) => {
        Object.defineProperty(prototype, key, {
          ...own[at],
          get(this: XMLHttpRequest) {
            const value = own[at]?.get?.call(this)
            seen.push(`${key} ${String(value).replace(base, '')}`)
            return value
          },
        })
      })
      try {
        const xhr = new XMLHttpRequest()
        xhr.timeout = 20_000
        xhr.upload.onload = () => seen.push('upload.onload')
        xhr.open('POST', `${base}/text`)
        const over = xhrLog.over(xhr)
        xhr.send('body')
        await over
        seen.push(
          [xhr.readyState, xhr.status, xhr.response, xhr.responseText, xhr.responseURL, xhr.timeout].length,
        )
      } finally {
        for (const [at, key] of keys.entries()) {
          Object.defineProperty(prototype, key, own[at] as PropertyDescriptor)
        }
      }
      return seen
    })
    expect(caught).toEqual(plain)
  })

  test('a Proxy around the constructor, and one around an instance', async () => {
    const { plain, caught } = await suite.both(async (base) => {
      const { xhrLog } = window
      const seen: unknown[] = []
      const Own = XMLHttpRequest
      window.XMLHttpRequest = new Proxy(Own, {
        construct(target, args, made) {
          seen.push(['made', args.length, made === XMLHttpRequest])
          const xhr = Reflect.construct(target, args, made) as XMLHttpRequest
          return new Proxy(xhr, {
            get(real, key) {
              const value = Reflect.get(real, key, real)
              return typeof value === 'function' ? value.bind(real) : value
            },
            set: (real, key, value) => Reflect.set(real, key, value, real),
          })
        },
      })
      try {
        const xhr = new XMLHttpRequest()
        seen.push(xhr instanceof XMLHttpRequest, xhr instanceof Own, XMLHttpRequest.DONE, xhr.OPENED)
        xhr.open('POST', `${base}/text?hex=6f6b`)
        xhr.responseType = 'text'
        xhr.onload = (event) => seen.push(['load', xhr.status, xhr.response, event.target instanceof Own])
        const over = new Promise<void>((resolve) => {
          xhr.onloadend = () => resolve(xhrLog.settle())
        })
        xhr.send('body')
        await over
        const bare = Object.create(Own.prototype) as XMLHttpRequest
        seen.push(
          xhrLog.attempt(() => bare.send()),
          xhrLog.attempt(() => bare.open('GET', base)),
          xhrLog.attempt(() => bare.upload),
          xhrLog.attempt(() => bare.readyState),
        )
      } finally {
        window.XMLHttpRequest = Own
      }
      return seen
    })
    expect(caught).toEqual(plain)
  })

  test('a subclass that overrides methods and accessors', async () => {
    const { plain, caught } = await suite.both(async (base) => {
      const { xhrLog } = window
      const seen: unknown[] = []
      class Mine extends XMLHttpRequest {
        #sent = 0
        override open(method: string, url: string | URL) {
          seen.push(['open', method])
          super.open(method, url, true)
        }
        override send(body?: XMLHttpRequestBodyInit | null) {
          this.#sent += 1
          seen.push(['send', this.#sent])
          super.send(`${body} and more`)
        }
        override setRequestHeader(name: string, value: string) {
          super.setRequestHeader(name, value.toUpperCase())
        }
        override get responseText() {
          return `<${super.responseText}>`
        }
        override get status() {
          return super.status + 1000
        }
        override getResponseHeader(name: string) {
          return `${super.getResponseHeader(name)}!`
        }
        override dispatchEvent(event: Event) {
          seen.push(`dispatched ${event.type}`)
          return super.dispatchEvent(event)
        }
        override addEventListener(type: string, listener: EventListener) {
          seen.push(`listens ${type}`)
          super.addEventListener(type, listener)
        }
      }
      const xhr = new Mine()
      const over = xhrLog.over(xhr)
      xhr.onload = () => seen.push(['load', xhr.status, xhr.getResponseHeader('content-type')])
      xhr.open('POST', `${base}/echo`)
      xhr.setRequestHeader('x-a', 'value')
      xhr.send('body')
      await over
      seen.push(JSON.parse(xhr.responseText.slice(1, -1)).headers['x-a'])
      seen.push(JSON.parse(xhr.responseText.slice(1, -1)).text, Object.prototype.toString.call(xhr))
      xhr.dispatchEvent(new Event('own'))
      return [seen, xhr.readyState, Mine.name, xhr.constructor === Mine]
    })
    expect(caught).toEqual(plain)
  })

  test('events the page dispatches itself are its own', async () => {
    const { plain, caught } = await suite.both(async (base) => {
      const { xhrLog } = window
      const xhr = new XMLHttpRequest()
      const lines = xhrLog.watch(xhr, true)
      xhr.open('GET', `${base}/text`)
      xhr.dispatchEvent(new ProgressEvent('load', { loaded: 1, total: 2, lengthComputable: true }))
      xhr.upload.dispatchEvent(new ProgressEvent('load'))
      const over = new Promise<void>((resolve) => {
        xhr.onload = () => xhr.readyState === 4 && resolve(xhrLog.settle())
      })
      xhr.send()
      xhr.dispatchEvent(new Event('abort'))
      await over
      return [lines, xhr.responseText]
    })
    expect(caught).toEqual(plain)
  })
})
