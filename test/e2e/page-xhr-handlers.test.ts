import { isDeepStrictEqual } from 'node:util'
import { beforeAll, expect, test } from 'vitest'
import { inEachBrowser } from './page-harness/suite.ts'
import { installXhrLog, type XhrAct, type XhrScene } from './page-harness/xhr-log.ts'

const ACTS: XhrAct[] = ['abort', 'open', 'open send', 'abort open send']

/** What happens while a call succeeds. */
const SUCCESS = [
  'loadstart',
  'upload loadstart',
  'upload progress',
  'upload load',
  'upload loadend',
  'readystatechange 2',
  'readystatechange 3',
  'progress',
  'readystatechange 4',
  'load',
  'loadend',
]

/**
 * Where a browser itself tells an instance that was opened anew, or aborted, of the rest of the call before: of its upload, of
 * bytes it no longer has; Chromium even gives it the text of the old answer.
 */
const MIXED_UP = {
  chromium: /open.* in (upload progress|readystatechange 2)$/,
  firefox:
    /in (upload progress|readystatechange 3)$|open.* in upload load(end)?$|send in readystatechange 4$|^open in loadstart$/,
}

const nameOf = ({ act, on, label }: XhrScene) => `${act} in ${on} ${label ?? ''}`

const scenesOf = (events: readonly string[], scene: Omit<XhrScene, 'on' | 'act'>): XhrScene[] =>
  events.flatMap((on) => ACTS.map((act) => ({ ...scene, on, act })))

inEachBrowser('XMLHttpRequest from inside its handlers', (suite) => {
  beforeAll(() => installXhrLog(suite.page))

  const isMixedUp = ({ act, on }: XhrScene) => MIXED_UP[suite.browserName].test(`${act} in ${on}`)

  /** Plays every scene with the browser's own call and with a caught one. */
  async function compare(scenes: XhrScene[]): Promise<void> {
    const run = (base: string, some: XhrScene[]): Promise<Record<string, string[]>> =>
      suite.page.evaluate(
        async (where, all) => {
          const play = async (scene: XhrScene) =>
            [
              `${scene.label ?? ''} ${scene.act} in ${scene.on}`,
              await window.xhrLog.play(where, scene),
            ] as const
          return Object.fromEntries(await Promise.all(all.map(play)))
        },
        base,
        some,
      )
    // On a busy machine a browser's own order is not always the same: what differs is played again, a few times.
    let left = scenes
    for (let attempt = 1; left.length > 0; attempt++) {
      const plain = await run('/plain', left)
      const caught = await run('/caught', left)
      if (attempt === 4) return expect(caught).toEqual(plain)
      left = left.filter((scene) => !isDeepStrictEqual(caught[nameOf(scene)], plain[nameOf(scene)]))
    }
  }

  test('abort, open and send again at every event of a call that succeeds', async () => {
    const all = [
      ...scenesOf(SUCCESS, { path: '/echo', body: 'a body', upload: true }),
      ...scenesOf(SUCCESS.slice(5), { path: '/text', label: 'GET' }),
    ]
    await compare(all.filter((scene) => !isMixedUp(scene)))
  })

  test('what the browser itself mixes up is in order', async () => {
    const scenes = scenesOf(['upload progress', 'readystatechange 2'], {
      path: '/echo',
      body: 'a body',
      upload: true,
    })
    const seen = await suite.page.evaluate(async (all) => {
      const results: unknown[] = []
      for (const scene of all) results.push((await window.xhrLog.play('/caught', scene)).at(-1))
      return results
    }, scenes)
    const ends = ['at last 0 0 ', 'at last 1 0 ', 'at last 4 200 ok', 'at last 4 200 ok']
    expect(seen).toEqual([...ends, ...ends])
  })

  test('the same at every event of one that is aborted', async () => {
    const own = ['readystatechange 4', 'abort', 'loadend']
    await compare(scenesOf(own, { path: '/hang', aborted: true }))
    const all = ['upload abort', 'upload loadend', ...own]
    await compare(scenesOf(all, { path: '/hang', body: 'a body', upload: true, aborted: true }))
  })

  test('the same at every event of one that times out, and of one that fails', async () => {
    await compare(scenesOf(['readystatechange 4', 'timeout', 'loadend'], { path: '/hang', timeout: 20 }))
    await compare(scenesOf(['readystatechange 4', 'error', 'loadend'], { path: '/reset' }))
  })

  test('a call that is held for the list tells of its start once, before all else', async () => {
    const probe = async (base: string) => {
      const { xhrLog } = window
      const results: unknown[] = []
      const run = async (path: string, act: (xhr: XMLHttpRequest) => unknown, body?: string) => {
        const xhr = new XMLHttpRequest()
        const lines = xhrLog.watch(xhr, body !== undefined)
        xhr.open(body === undefined ? 'GET' : 'POST', base + path)
        const over = xhrLog.over(xhr)
        xhr.send(body)
        act(xhr)
        await over
        results.push([path, lines, xhr.readyState, xhr.status])
      }
      const nothing = () => {}
      await Promise.all([run('/text', nothing), run('/echo', nothing, 'a body'), run('/reset', nothing)])
      return results.map((result) => JSON.stringify(result)).sort()
    }
    const ended = async (base: string) => {
      const { xhrLog } = window
      const results: unknown[] = []
      const run = async (act: (xhr: XMLHttpRequest) => unknown, body?: string, early = false) => {
        const xhr = new XMLHttpRequest()
        const lines = xhrLog.watch(xhr, body !== undefined)
        xhr.open(body === undefined ? 'GET' : 'POST', `${base}/hang`)
        if (early) xhr.onloadstart = () => xhr.abort()
        const over = xhrLog.over(xhr)
        xhr.send(body)
        results.push(act(xhr))
        await over
        results.push([lines, xhr.readyState])
      }
      await run((xhr) => xhr.abort())
      await run((xhr) => xhr.abort(), 'a body')
      await run(() => {}, 'a body', true)
      await run((xhr) => {
        xhr.timeout = 20
      })
      return results
    }
    const { page, server, harness } = suite
    const expected = [await page.evaluate(probe, '/plain'), await page.evaluate(ended, '/plain')]
    const held = await harness.browser.newPage()
    for (const base of ['/plain', '/caught']) {
      await held.goto(`${server.origin}/page?delay=1500`)
      await installXhrLog(held)
      const first = held.evaluate(ended, base)
      expect([await held.evaluate(probe, base), await first]).toEqual(expected)
    }
    await held.close()
  })

  test('what a handler throws goes to window.onerror, and the next one runs', async () => {
    const { plain, caught } = await suite.both(async (base) => {
      // Of what a debugger's own code throws a page learns nothing: it has to be the page's.
      const script = document.createElement('script')
      script.textContent = 'window.thrower = (what) => () => { throw new Error(what) }'
      document.head.append(script)
      const { thrower } = window as unknown as { thrower(what: string): () => void }
      const errors: string[] = []
      const note = (event: ErrorEvent) => {
        errors.push((event.error as Error).message)
        event.preventDefault()
      }
      window.addEventListener('error', note)
      const xhr = new XMLHttpRequest()
      const { xhrLog } = window
      for (const type of ['loadstart', 'load', 'loadend'] as const) {
        xhr.addEventListener(type, thrower(`listener of ${type}`))
        xhr[`on${type}`] = thrower(`handler of ${type}`)
      }
      const lines = xhrLog.watch(xhr)
      xhr.open('GET', `${base}/text`)
      const over = xhrLog.over(xhr)
      xhr.send()
      await over
      window.removeEventListener('error', note)
      return [errors, lines]
    })
    expect(plain[0]).toHaveLength(6)
    expect(caught).toEqual(plain)
  })

  test('listeners of every form, in the order of the browser', async () => {
    const { plain, caught } = await suite.both(async (base) => {
      const { xhrLog } = window
      const xhr = new XMLHttpRequest()
      const seen: unknown[] = []
      const note = (what: string) => (event: Event) => void seen.push(`${what} ${event.eventPhase}`)
      const gone = new AbortController()
      const object = {
        name: 'object',
        handleEvent(this: { name: string }, event: Event) {
          seen.push(`${this.name} ${event.type}`)
        },
      }
      xhr.addEventListener('load', note('first'))
      xhr.onload = note('never')
      xhr.addEventListener('load', note('captures'), true)
      xhr.addEventListener('load', object)
      xhr.addEventListener('load', object)
      xhr.addEventListener('loadend', object)
      xhr.addEventListener('load', note('once'), { once: true })
      xhr.addEventListener('load', note('by signal'), { signal: gone.signal })
      xhr.addEventListener('load', note('gone'), { signal: gone.signal })
      xhr.onload = function (this: XMLHttpRequest, event: ProgressEvent) {
        seen.push(['replaced', this === xhr, event.target === xhr, event.currentTarget === xhr])
        seen.push([
          event.bubbles,
          event.cancelable,
          event.composed,
          event.defaultPrevented,
          event.returnValue,
        ])
        seen.push([
          event.composedPath().length,
          event.constructor.name,
          Object.prototype.toString.call(event),
        ])
        seen.push([typeof event.timeStamp, event.timeStamp > 0, event.srcElement === xhr])
        xhr.addEventListener('load', note('too late'))
        gone.abort()
        return false
      }
      xhr.onreadystatechange = (event) => {
        seen.push([xhr.readyState, event.constructor.name, event.target === xhr, event.bubbles])
      }
      xhr.upload.onload = note('nothing was sent')
      for (const round of [1, 2]) {
        seen.push(round)
        xhr.open('GET', `${base}/status?code=204`)
        const over = xhrLog.over(xhr)
        xhr.send()
        await over
      }
      xhr.onload = null
      xhr.addEventListener('load', (event) => event.stopImmediatePropagation(), true)
      seen.push(3)
      xhr.open('GET', `${base}/status?code=204`)
      const over = xhrLog.over(xhr)
      xhr.send()
      await over
      return seen
    })
    expect(caught).toEqual(plain)
  })
})
