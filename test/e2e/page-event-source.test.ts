import type { Page } from 'puppeteer-core'
import { beforeAll, expect, test } from 'vitest'
import type { TestServer } from './page-harness/server.ts'
import { inEachBrowser } from './page-harness/suite.ts'

/** As the other suites' `both`, at the same time: what is waited for here is mostly the time between two connections. */
async function both<T>(page: Page, probe: (base: string) => Promise<T>): Promise<{ plain: T; caught: T }> {
  const run = (base: string) => page.evaluate(probe, base) as Promise<T>
  const [plain, caught] = await Promise.all([run('/plain'), run('/caught')])
  return { plain, caught }
}

/** What the page's helper, put there before the tests, does. */
interface Watching {
  /** What an instance told, until `enough` says so. Resolves with the lines and what the server saw. */
  watch(
    path: string,
    enough: (lines: string[]) => boolean,
    types?: string[],
    act?: (source: EventSource, lines: string[]) => void,
  ): Promise<{ lines: string[]; source: EventSource; log(): Promise<unknown[]> }>
}

inEachBrowser('EventSource', (suite) => {
  const name = suite.browserName
  let server: TestServer
  let page: Page

  beforeAll(async () => {
    ;({ server, page } = suite)
    await page.evaluate(() => {
      const watch: Watching['watch'] = (path, enough, types = ['named'], act) =>
        new Promise((resolve) => {
          const run = Math.random().toString(36)
          const source = new EventSource(`${path}&run=${run}`)
          const lines = [`made ${source.readyState}`]
          const note = (event: Event) => {
            const { type, target, currentTarget } = event
            const { data, lastEventId, origin } = event as MessageEvent
            const same = target === source && currentTarget === source
            const said =
              'data' in event ? JSON.stringify([data, lastEventId, origin === location.origin]) : ''
            lines.push(
              `${type} ${source.readyState} ${same} ${event.bubbles} ${event.constructor.name} ${said}`,
            )
            act?.(source, lines)
            if (!enough(lines)) return
            const log = async () => (await fetch(`/plain/event-log?run=${run}`)).json()
            resolve({ lines, source, log })
          }
          for (const type of ['open', 'message', 'error', ...types]) source.addEventListener(type, note)
        })
      Object.assign(window, { watch })
    })
  })

  test('events are read as the browser reads them, until it is told that there are no more', async () => {
    const { plain, caught } = await both(page, async (base) => {
      const { watch } = window as unknown as Watching
      const ended = (lines: string[]) => lines.at(-1)?.startsWith('error 2') ?? false
      const results: unknown[] = []
      for (const plan of ['grammar', 'bytes']) {
        const { lines, log, source } = await watch(`${base}/events?plan=${plan}`, ended)
        results.push(lines, await log(), source.readyState)
      }
      return results
    })
    expect(caught).toEqual(plain)
    expect(plain[1]).toHaveLength(2)
  })

  test('an id alone is kept, and one with a NUL in it is not', async () => {
    const { plain, caught } = await both(page, async (base) => {
      const { watch } = window as unknown as Watching
      const ended = (lines: string[]) => lines.at(-1)?.startsWith('error 2') ?? false
      const { lines } = await watch(`${base}/events?plan=ids`, ended)
      return lines.filter((line) => line.startsWith('message'))
    })
    expect(caught).toEqual([
      'message 1 true false MessageEvent ["eight now","8",true]',
      'message 1 true false MessageEvent ["id with nul","8",true]',
    ])
    if (name === 'chromium') expect(plain).toEqual(caught)
  })

  test('it connects again with the last event ID after an end and after a break', async () => {
    const { plain, caught } = await both(page, async (base) => {
      const { watch } = window as unknown as Watching
      const hasD = (lines: string[]) => lines.at(-1)?.includes('"d"') ?? false
      const { lines, log, source } = await watch(`${base}/events?plan=reconnects`, hasD)
      source.close()
      return [lines, await log(), source.readyState]
    })
    expect(caught).toEqual(plain)
    expect((plain[1] as { lastEventId: string }[]).map(({ lastEventId }) => lastEventId)).toEqual([
      null,
      '1',
      '1',
      null,
    ])
  })

  test('what is no stream of events ends it for good', async () => {
    const { plain, caught } = await both(page, async (base) => {
      const { watch } = window as unknown as Watching
      const results: unknown[] = []
      for (const plan of ['empty', 'json', 'missing', 'failing', 'created']) {
        const { lines, log, source } = await watch(`${base}/events?plan=${plan}`, (all) => all.length > 1)
        await new Promise((resolve) => setTimeout(resolve, 100))
        results.push([plan, lines, (await log()).length, source.readyState])
      }
      const hasOne = (all: string[]) => all.some((line) => line.startsWith('message'))
      const typed = await watch(`${base}/events?plan=typed`, hasOne)
      typed.source.close()
      return [...results, typed.lines]
    })
    expect(caught).toEqual(plain)
  })

  test('instances have the shape, the handlers and the words of the browser', async () => {
    const { plain, caught } = await both(page, async (base) => {
      const attempt = (act: () => unknown) => {
        try {
          return act()
        } catch (error) {
          return (error as Error).name
        }
      }
      const shape = (property: PropertyDescriptor | undefined) =>
        property && [
          property.enumerable,
          property.configurable,
          property.writable,
          property.get?.name,
          property.set?.name,
          (property.value ?? property.get)?.toString().replace(/\s+/g, ' '),
        ]
      class Mine extends EventSource {
        extra = 1
        get twice() {
          return this.readyState * 2
        }
      }
      const url = `${base}/events?plan=typed&run=shape`
      const given = { toString: () => `${url}#hash` }
      const source = new Mine(given as unknown as string, { withCredentials: true })
      const handler = () => {}
      source.onmessage = handler
      source.onerror = 5 as unknown as null
      const results = [
        source instanceof EventSource,
        source.constructor === Mine,
        new EventSource(new URL(url, location.href)).withCredentials,
        Object.prototype.toString.call(source),
        Object.keys(source),
        source.url.replace(base, '').replace(location.origin, ''),
        source.withCredentials,
        source.readyState,
        source.extra + source.twice,
        source.onmessage === handler,
        source.onerror,
        [EventSource.CONNECTING, EventSource.OPEN, EventSource.CLOSED, source.CLOSED],
        EventSource.length,
        EventSource.name,
        String(EventSource).replace(/\s+/g, ' '),
        EventSource.prototype.constructor === EventSource,
        Object.getPrototypeOf(Mine.prototype) === EventSource.prototype,
        ...['readyState', 'url', 'close', 'onopen'].map((key) =>
          shape(Object.getOwnPropertyDescriptor(EventSource.prototype, key)),
        ),
        shape(Object.getOwnPropertyDescriptor(window, 'EventSource')),
        attempt(() => (EventSource as unknown as () => void)()),
        attempt(() => new (EventSource as unknown as new () => object)()),
        attempt(() => new EventSource('http://[')),
        attempt(() => new EventSource(Symbol('x') as unknown as string)),
        attempt(() => EventSource.prototype.readyState),
        attempt(() => EventSource.prototype.close()),
        source.close(),
        source.readyState,
        source.close(),
      ]
      return results
    })
    expect(caught).toEqual(plain)
  })

  test('closing in a handler is the end of it, in whichever', async () => {
    const { plain, caught } = await both(page, async (base) => {
      const { watch } = window as unknown as Watching
      const results: unknown[] = []
      for (const type of ['open', 'message']) {
        const closes = (line: string | undefined) => line?.startsWith(type) ?? false
        const { lines, source } = await watch(
          `${base}/events?plan=open`,
          (all) => closes(all.at(-1)),
          [],
          (each, all) => {
            if (closes(all.at(-1))) each.close()
          },
        )
        await new Promise((resolve) => setTimeout(resolve, 150))
        results.push([lines, source.readyState])
      }
      const isError = (line: string | undefined) => line?.startsWith('error') ?? false
      const { lines, log, source } = await watch(
        `${base}/events?plan=reconnects`,
        (all) => isError(all.at(-1)),
        [],
        (each, all) => {
          if (isError(all.at(-1))) each.close()
        },
      )
      await new Promise((resolve) => setTimeout(resolve, 700))
      return [...results, lines, (await log()).length, source.readyState]
    })
    expect(caught).toEqual(plain)
  })

  test('handlers run among the listeners where they were first set, and closing ends the call', async () => {
    const { plain, caught } = await both(
      page,
      (base) =>
        new Promise((resolve) => {
          const source = new EventSource(`${base}/events?plan=open&run=order${base.length}`)
          const seen: string[] = []
          source.addEventListener('message', () => seen.push('first'))
          source.onmessage = () => seen.push('replaced')
          source.addEventListener('message', { handleEvent: () => seen.push('object') })
          source.onmessage = function (event) {
            seen.push(`handler ${this === source} ${event.data}`)
          }
          source.addEventListener('message', () => {
            source.close()
            setTimeout(() => resolve([seen, source.readyState]), 100)
          })
        }),
    )
    expect(caught).toEqual(plain)
    const { cancelled } = await page.evaluate(
      async () => (await (await fetch('/caught/seen')).json()) as { cancelled: string[] },
    )
    expect(cancelled).toContain('/caught/events')
  })

  test('a connection that could not be made is made again', async () => {
    const { plain, caught } = await both(page, async (base) => {
      const { watch } = window as unknown as Watching
      const enough = (all: string[]) => all.at(-1)?.includes('at last') || all.at(-1)?.startsWith('error 2')
      const { lines, source } = await watch(`${base}/events?plan=unreachable`, (all) => enough(all) ?? false)
      source.close()
      return [...new Set(lines)]
    })
    expect(caught).toEqual(plain)
    expect(plain.at(-1)).toContain('at last')
  })

  test('one that was made before it was known what is caught works either way', async () => {
    for (const base of ['/caught', '/plain']) {
      await page.goto(`${server.origin}/page?delay=400`)
      const got = await page.evaluate(
        (path) =>
          new Promise((resolve) => {
            const source = new EventSource(`${path}/events?plan=open&run=early${path.length}`)
            const made = source.readyState
            source.onmessage = ({ data, origin }) => {
              source.close()
              resolve([made, data, origin === location.origin])
            }
          }),
        base,
      )
      expect(got).toEqual([0, '1', true])
    }
  })

  test('one of another site is connected to as by the browser, whether it was known or not what is caught', async () => {
    // In Firefox a connection that breaks before the answer is the end of it, whatever broke it.
    const plans = ['open&simple', 'open&private', 'missing', name === 'firefox' ? 'empty' : 'gone']
    const probe = async (origin: string, all: string[]) => {
      const run = Math.random().toString(36)
      const connect = (query: string) =>
        new Promise((resolve) => {
          const source = new EventSource(`${origin}/plain/events?plan=${query}&run=${run}${query}`)
          const end = (event: Event) => {
            const { data = '' } = event as MessageEvent
            resolve([event.type, source.readyState, data])
            source.close()
          }
          source.onmessage = source.onerror = end
        })
      return Promise.all(all.map(connect))
    }
    const elsewhere = server.origin.replace('127.0.0.1', 'localhost')
    const seen: unknown[] = []
    for (const delay of [0, 1500]) {
      await page.goto(`${server.origin}/page?delay=${delay}`)
      if (delay === 0) await page.evaluate(() => fetch('/caught/ask').then((answer) => answer.text()))
      seen.push(await page.evaluate(probe, elsewhere, plans))
    }
    expect(seen[1]).toEqual(seen[0])
    expect(seen[0]).toEqual([
      ['message', 1, '1'],
      ['error', 2, ''],
      ['error', 2, ''],
      ['error', name === 'firefox' ? 2 : 0, ''],
    ])
  })

  test('one of another site that was made before it was known what is caught is read and connected again as by the browser', async () => {
    const probe = async (origin: string, plans: string[]) => {
      const run = Math.random().toString(36)
      const follow = (plan: string) =>
        new Promise<string[]>((resolve) => {
          const source = new EventSource(`${origin}/plain/events?plan=${plan}&simple&run=${run}${plan}`)
          const lines: string[] = []
          const note = (event: Event) => {
            const { type, target } = event
            const { data, lastEventId, origin: from } = event as MessageEvent
            const said = 'data' in event ? JSON.stringify([data, lastEventId, from === origin]) : ''
            lines.push(`${type} ${source.readyState} ${target === source} ${event.constructor.name} ${said}`)
            const isEnd = source.readyState === 2 || data === 'd'
            if (isEnd) source.close()
            if (isEnd) resolve([...lines, `left ${source.readyState}`])
          }
          source.onmessage = source.onerror = note
          // Types that are listened to early, and when the connection is there already.
          source.addEventListener('named', note)
          source.onopen = (event) => {
            note(event)
            source.addEventListener('named', { handleEvent: note })
          }
        })
      // All are made at once: the first moment of a page is short.
      const read = await Promise.all(plans.map(follow))
      const logs = plans.map((plan) => fetch(`${origin}/plain/event-log?run=${run}${plan}`))
      return [...read, ...(await Promise.all(logs.map(async (log) => (await log).json())))]
    }
    const elsewhere = server.origin.replace('127.0.0.1', 'localhost')
    const follow = async (delay: number) => {
      await page.goto(`${server.origin}/page?delay=${delay}`)
      if (delay === 0) await page.evaluate(() => fetch('/caught/ask').then((answer) => answer.text()))
      return page.evaluate(probe, elsewhere, ['reconnects', 'grammar'])
    }
    const native = await follow(0)
    expect(await follow(1500)).toEqual(native)
    const [, read, connections] = native as [string[], string[], { lastEventId: string | null }[]]
    expect(connections.map(({ lastEventId }) => lastEventId)).toEqual([null, '1', '1', null])
    expect(read.filter((line) => line.startsWith('named'))).toHaveLength(2)
  })

  test('one that was made so early stays closed once it is closed, and connects no more', async () => {
    await page.goto(`${server.origin}/page?delay=600`)
    const elsewhere = server.origin.replace('127.0.0.1', 'localhost')
    const told = await page.evaluate(async (origin) => {
      const connect = (run: string) => {
        const source = new EventSource(`${origin}/plain/events?plan=reconnects&simple&run=${run}`)
        const seen: string[] = []
        source.onopen = source.onmessage = source.onerror = ({ type }) => seen.push(type)
        return { source, seen }
      }
      const made = ['at-once', 'at-open', 'later'].map(connect)
      made[0]?.source.close()
      made[1]?.source.addEventListener('open', ({ target }) => (target as EventSource).close())
      // By then one that goes on has connected several times.
      await new Promise<void>((resolve) => {
        made[2]?.source.addEventListener('message', ({ data }) => data === 'd' && resolve())
      })
      made[2]?.source.close()
      const told: [unknown, unknown, number][] = []
      for (const [at, run] of ['at-once', 'at-open'].entries()) {
        const log = await (await fetch(`${origin}/plain/event-log?run=${run}`)).json()
        told.push([made[at]?.source.readyState, made[at]?.seen, (log as unknown[]).length])
      }
      return told
    }, elsewhere)
    expect(told[0]).toEqual([2, [], 0])
    expect(told[1]?.slice(0, 2)).toEqual([2, ['open']])
    // A browser may send by itself, once, what was lost with its connection; one that is not closed connects four times.
    expect(told[1]?.[2]).toBeLessThanOrEqual(2)
  })
})
