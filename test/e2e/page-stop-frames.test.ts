import { beforeAll, expect, test } from 'vitest'
import { installStopped } from './page-harness/stopped.ts'
import { inEachBrowser } from './page-harness/suite.ts'

inEachBrowser('a page that is stopped with frames in it', (suite) => {
  beforeAll(async () => {
    await installStopped(suite.page)
    // Firefox asks the page's policy at the first call of each address.
    await suite.page.evaluate(async () => {
      await fetch('/caught/text').then((answer) => answer.text())
    })
  })

  test('has the calls of its frames ended, and of theirs, and no others', async () => {
    const { plain, caught } = await suite.both(async (base) => {
      const [outer, beside] = [await window.stopped(), await window.stopped()]
      const lines: string[] = []
      const framed = async (parent: Window & typeof globalThis, name: string) => {
        const frame = parent.document.createElement('iframe')
        // No browser shows a page within itself within itself.
        frame.src = `/page?${name}`
        parent.document.body.append(frame)
        await new Promise((resolve) => frame.addEventListener('load', resolve))
        return frame.contentWindow as Window & typeof globalThis
      }
      const child = await framed(outer.inside, 'child')
      const grandchild = await framed(child, 'grandchild')
      const tell = (name: string, of: Window & typeof globalThis) => {
        const over = of.fetch(`${base}/hang`).catch((error: Error) => lines.push(`${name} ${error.name}`))
        const xhr = new of.XMLHttpRequest()
        xhr.open('GET', `${base}/hang`)
        const aborted = new Promise((resolve) => xhr.addEventListener('loadend', resolve))
        xhr.onabort = () => lines.push(`${name} aborted`)
        xhr.send()
        return Promise.all([over, aborted])
      }
      const ended = [tell('outer', outer.inside), tell('child', child), tell('grandchild', grandchild)]
      const left = beside.fetch('beside', `${base}/slow?count=3&pause=50`)
      const seen: string[] = []
      for (const type of ['valetkey-stop', 'stop']) child.addEventListener(type, () => seen.push(type), true)
      outer.inside.stop()
      await Promise.all(ended)
      const status = (await left)?.status
      const later = await child.fetch(`${base}/text`).then((answer) => answer.text())
      outer.frame.remove()
      beside.frame.remove()
      return { lines: lines.sort(), later, seen, status }
    })
    expect(caught).toEqual(plain)
    expect(plain.lines).toHaveLength(6)
  })
})
