import { beforeAll, expect, test } from 'vitest'
import { installStopped } from './page-harness/stopped.ts'
import { inEachBrowser } from './page-harness/suite.ts'

inEachBrowser('a page that is stopped', (suite) => {
  beforeAll(async () => {
    await installStopped(suite.page)
    // Firefox asks the page's policy at the first call of each address.
    await suite.page.evaluate(async () => {
      await fetch('/caught/text').then((answer) => answer.text())
    })
  })

  test('has each XMLHttpRequest aborted, but for what is opened anew or sent after it', async () => {
    const { plain, caught } = await suite.both(async (base) => {
      const { frame, inside, lines, until, xhr } = await window.stopped()
      const over = xhr('over', `${base}/text`)
      await until('over: loadend 4 200')
      const loading = xhr('loading', `${base}/slow?count=1000&pause=50`)
      await until('loading: readystatechange 2 200')
      const waiting = xhr('waiting', `${base}/hang`)
      const again = xhr('again', `${base}/hang`)
      inside.stop()
      lines.push(`stopped ${waiting.readyState}`)
      again.open('GET', `${base}/text`)
      xhr('later', `${base}/text`)
      await until('loading: loadend')
      await until('waiting: loadend')
      await until('later: loadend')
      const told = (name: string) =>
        lines
          .filter((line) => line.startsWith(name))
          // Firefox says in these events what status there was; a caught one has none by then.
          .map((line) => (name === 'loading' ? line.replace(/ \d+$/, '') : line))
      const states = [over, loading, waiting, again].map(({ readyState, status }) => [readyState, status])
      const seen = ['over', 'loading', 'waiting', 'again', 'stopped', 'later'].map(told)
      frame.remove()
      return { seen, states }
    })
    expect(caught).toEqual(plain)
    expect(plain.seen.flat()).toContain('waiting: abort 4 0')
  })

  test('has each fetch rejected, the reader of one too, and a kept one where the browser’s own is', async () => {
    const { plain, caught } = await suite.both(async (base) => {
      const { fetch: ask, frame, inside, lines } = await window.stopped()
      const slow = `${base}/slow?count=1000&pause=50`
      const reader = (await ask('reading', slow))?.body?.getReader()
      await reader?.read()
      const whole = (await ask('whole', slow))?.text()
      const told = (name: string) => (error: Error) =>
        void lines.push(`${name}: ${error.name} ${error instanceof inside.TypeError}`)
      const kept = ask('kept', `${base}/slow?count=3&pause=50`, { keepalive: true })
      const waiting = ask('waiting', `${base}/hang`)
      inside.stop()
      const later = await ask('later', `${base}/text`)
      await waiting
      // Firefox calls this one an AbortError, where a caught one is as any broken stream.
      await whole?.catch((error: Error) => lines.push(`whole: ${error instanceof Error}`))
      const end = async () => {
        for (;;) if ((await reader?.read())?.done) return
      }
      await end().catch(told('reading'))
      const seen = [...lines].sort()
      const results = [(await kept)?.status, await later?.text()]
      frame.remove()
      return { seen, results }
    })
    expect(caught).toEqual(plain)
    expect(plain.seen).toHaveLength(suite.browserName === 'chromium' ? 4 : 3)
  })

  test('has each EventSource closed for good', async () => {
    const { plain, caught } = await suite.both(async (base) => {
      const { frame, inside, lines, until } = await window.stopped()
      const sources = ['/hang', '/sse'].map((path) => {
        const source = new inside.EventSource(base + path)
        for (const type of ['open', 'error'])
          source.addEventListener(type, () => lines.push(`${path}: ${type} ${source.readyState}`))
        return source
      })
      await until('/sse: open 1')
      inside.stop()
      await until('/hang: error 2')
      await until('/sse: error 2')
      const seen = [[...lines].sort(), sources.map((source) => source.readyState)]
      frame.remove()
      return seen
    })
    expect(caught).toEqual(plain)
  })

  test('is no page whose document is only written anew', async () => {
    const { plain, caught } = await suite.both(async (base) => {
      const results: unknown[] = []
      for (const act of ['open', 'write'] as const) {
        const { fetch: ask, frame, inside, lines, until, xhr } = await window.stopped()
        xhr('loading', `${base}/slow?count=6&pause=50`)
        await until('loading: readystatechange 2 200')
        const asked = ask('asked', `${base}/slow?count=3&pause=50`)
        if (act === 'open') inside.document.open()
        else inside.document.write('<p>')
        results.push(act, await (await asked)?.text())
        await until('loading: loadend 4 200')
        results.push(lines)
        frame.remove()
      }
      return results
    })
    expect(caught).toEqual(plain)
  })
})
