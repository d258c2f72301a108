import { expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { inEachBrowser } from './page-harness/suite.ts'

/** Every way in which a page gives a call up, compared with what the browser makes of it in the same page. */
inEachBrowser('giving a fetch up', (suite) => {
  const count = async (what: 'cancelled' | 'uploading', path: string): Promise<number> => {
    const seen = await suite.page.evaluate(() => fetch('/caught/seen').then((answer) => answer.json()))
    return (seen[what] as string[]).filter((each) => each === path).length
  }
  const cancelled = (path: string) => count('cancelled', path)

  test('a signal that is aborted already rejects with its reason, and nothing is sent', async () => {
    const { plain, caught } = await suite.both(async (base) => {
      const reason = { mine: true }
      const show = (error: unknown) => (error === reason ? 'the very reason' : (error as Error).name)
      const made = new Request(`${base}/echo`, { signal: AbortSignal.abort(reason) })
      const order: string[] = []
      const early = fetch(`${base}/hang`, { signal: AbortSignal.abort() }).catch(() => order.push('rejected'))
      await Promise.all([early, Promise.resolve().then(() => order.push('the next turn'))])
      return [
        order,
        await fetch(`${base}/hang`, { signal: AbortSignal.abort(reason) }).catch(show),
        await fetch(`${base}/hang`, { signal: AbortSignal.abort() }).catch(show),
        await fetch(`${base}/hang`, { signal: AbortSignal.abort(null) }).catch((error) => error),
        await fetch(`${base}/hang`, { signal: AbortSignal.abort('text') }).catch((error) => error),
        await fetch(made).catch(show),
        await fetch(made.clone()).catch(show),
      ]
    })
    expect(caught).toEqual(plain)
    expect(await cancelled('/caught/hang')).toBe(0)
  })

  test('before the answer: by a controller, a time limit, one of several signals, a signal of the Request', async () => {
    const before = await cancelled('/caught/hang')
    const { plain, caught } = await suite.both(async (base) => {
      // By then each has reached the other side, which is to hear that it was given up.
      const wait = 500
      const soon = (reason?: unknown) => {
        const controller = new AbortController()
        setTimeout(() => controller.abort(reason), wait)
        return controller.signal
      }
      const show = (error: unknown) =>
        error instanceof Error || error instanceof DOMException ? error.name : error
      const other = new AbortController().signal
      const calls = [
        fetch(`${base}/hang`, { signal: soon() }),
        fetch(`${base}/hang`, { signal: soon(7) }),
        fetch(`${base}/hang`, { signal: AbortSignal.timeout(wait) }),
        fetch(`${base}/hang`, { signal: AbortSignal.any([other, soon('any')]) }),
        fetch(`${base}/hang`, { signal: AbortSignal.any([other, AbortSignal.timeout(wait)]) }),
        fetch(new Request(`${base}/hang`, { signal: soon('of the request') })),
        fetch(new Request(`${base}/hang`, { signal: other }), { signal: soon('over it') }),
        fetch(new Request(`${base}/hang`, { signal: soon('of the copy') }).clone()),
      ]
      return Promise.all(calls.map((call) => call.catch(show)))
    })
    expect(caught).toEqual(plain)
    await eventually(
      'the other side heard of each',
      () => cancelled('/caught/hang'),
      (count) => count === before + 8,
    )
  })

  test('in the middle of the answer: the reader gets the very reason, every copy of it too', async () => {
    const { plain, caught } = await suite.both(async (base) => {
      const controller = new AbortController()
      const response = await fetch(`${base}/slow?count=50`, { signal: controller.signal })
      const copy = response.clone()
      const reader = response.body?.getReader()
      await reader?.read()
      const reason = { mine: true }
      controller.abort(reason)
      const isIt = (error: unknown) => error === reason
      const after = async () => {
        for (;;) if ((await reader?.read())?.done) return 'ended'
      }
      return [
        await after().catch(isIt),
        await reader?.closed.catch(isIt),
        await copy.text().catch(isIt),
        [response.ok, response.bodyUsed],
      ]
    })
    expect(caught).toEqual(plain)
  })

  test('in the middle of the answer by a time limit: every way to read it says the same of it', async () => {
    const { plain, caught } = await suite.both(async (base) => {
      const show = (error: DOMException) => [error.name, error.code, error instanceof DOMException]
      await fetch(`${base}/slow?count=1`).then((answer) => answer.text())
      // Long enough for each head to come on a machine that has other things to do.
      const signal = AbortSignal.timeout(6000)
      // Firefox lets a second call of one address wait for the first.
      const begun = (name: string) => fetch(`${base}/slow?count=1000&pause=50&${name}`, { signal })
      // Not more than a browser has connections to one server.
      const ways = ['blob', 'json', 'text'] as const
      const whole = ways.map(async (way) => (await begun(way))[way]().catch(show))
      const mine = new AbortController()
      const given = fetch(`${base}/slow?count=1000&pause=50&given`, { signal: mine.signal })
      const read = given.then((answer) => answer.text()).catch((error) => error.name ?? error)
      void given.then(() => mine.abort('my reason'))
      const response = await fetch(`${base}/slow?count=1000&pause=50`, { signal: AbortSignal.any([signal]) })
      const [one, other] = [response.clone().body?.getReader(), response.body?.getReader()]
      const toEnd = async (reader?: ReadableStreamDefaultReader) => {
        while (!(await reader?.read())?.done);
      }
      const results: unknown[] = [await read, ...(await Promise.all(whole))]
      results.push(await Promise.all([one, other].map((reader) => toEnd(reader).catch(show))))
      results.push(await other?.closed.catch(show), show(signal.reason))
      return results
    })
    expect(caught).toEqual(plain)
  })

  test('an answer that was given up rejects in the turn it is read in, each time', async () => {
    const { plain, caught } = await suite.both(async (base) => {
      const results: unknown[] = []
      for (const way of ['arrayBuffer', 'blob', 'formData', 'json', 'text'] as const) {
        const controller = new AbortController()
        const response = await fetch(`${base}/slow?count=50`, { signal: controller.signal })
        const reason = { mine: true }
        controller.abort(reason)
        const order: unknown[] = []
        const note = (error: unknown) => order.push(error === reason || (error as Error).name)
        const reading = response[way]().catch(note)
        await Promise.all([reading, Promise.resolve().then(() => order.push('the next turn'))])
        await response[way]().catch(note)
        results.push([way, order, response.bodyUsed])
      }
      return results
    })
    expect(caught).toEqual(plain)
  })

  test('after the end it changes nothing', async () => {
    const { plain, caught } = await suite.both(async (base) => {
      const controller = new AbortController()
      const response = await fetch(`${base}/text`, { signal: controller.signal })
      const text = await response.clone().text()
      controller.abort()
      return [text, controller.signal.aborted, response.status, response.headers.get('x-a')]
    })
    expect(caught).toEqual(plain)
  })

  test('while the body goes up', async () => {
    const made = await suite.page.evaluateHandle(() => {
      const controller = new AbortController()
      const body = new Blob([new Uint8Array(8 * 1024 * 1024)])
      const call = fetch('/caught/never-credit', { method: 'POST', body, signal: controller.signal })
      return { controller, end: call.catch((error) => error) }
    })
    await eventually(
      'it is on its way',
      () => count('uploading', '/caught/never-credit'),
      (times) => times === 1,
    )
    const seen = await made.evaluate(({ controller, end }) => {
      controller.abort('enough')
      return end
    })
    expect(seen).toBe('enough')
    await eventually(
      'the other side heard of it',
      () => cancelled('/caught/never-credit'),
      (count) => count > 0,
    )
  })

  test('a reader that leaves ends the call: by cancel, by return of a loop, by a pipe that breaks', async () => {
    const before = await cancelled('/caught/slow')
    const { plain, caught } = await suite.both(async (base) => {
      const url = `${base}/slow?count=200&pause=30`
      const cancel = await fetch(url)
      await cancel.body?.cancel('enough')
      const reader = (await fetch(url)).body?.getReader()
      await reader?.read()
      await reader?.cancel()
      let pieces = 0
      for await (const _ of (await fetch(url)).body ?? []) if (++pieces === 2) break
      const full = new WritableStream({
        write() {
          throw new RangeError('full')
        },
      })
      const piped = await (await fetch(url)).body?.pipeTo(full).catch((error: Error) => error.name)
      return [await cancel.text().catch((error: Error) => error.name), await reader?.closed, pieces, piped]
    })
    expect(caught).toEqual(plain)
    await eventually(
      'the other side heard of each',
      () => cancelled('/caught/slow'),
      (count) => count >= before + 4,
    )
  })

  test('listeners of a signal are told in the order they came, and are let go afterwards', async () => {
    const { plain, caught } = await suite.both(async (base) => {
      const told: string[] = []
      const { signal, abort } = (() => {
        const controller = new AbortController()
        return { signal: controller.signal, abort: () => controller.abort() }
      })()
      signal.addEventListener('abort', () => told.push('before'))
      const call = fetch(`${base}/hang`, { signal }).catch(() => told.push('rejected'))
      signal.addEventListener('abort', () => told.push('after'))
      abort()
      told.push('aborted')
      await call
      return told
    })
    expect(caught).toEqual(plain)
  })
})
