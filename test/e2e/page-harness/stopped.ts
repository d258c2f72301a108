import type { Page } from 'puppeteer-core'

/** A frame of the page's own, whose calls are told line by line. */
export interface Stopped {
  readonly frame: HTMLIFrameElement
  readonly inside: Window & typeof globalThis
  readonly lines: string[]
  xhr(name: string, path: string): XMLHttpRequest
  fetch(name: string, path: string, init?: RequestInit): Promise<Response | undefined>
  /** Until one of its lines begins like this. */
  until(line: string): Promise<void>
}

declare global {
  interface Window {
    stopped(): Promise<Stopped>
  }
}

/** Give a page `stopped()`: each call of it a new frame. */
export const installStopped = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const turn = () => new Promise((resolve) => setTimeout(resolve, 5))
    window.stopped = async () => {
      const frame = document.createElement('iframe')
      frame.src = '/page'
      document.body.append(frame)
      await new Promise((resolve) => frame.addEventListener('load', resolve))
      const inside = frame.contentWindow as Window & typeof globalThis
      const lines: string[] = []
      return {
        frame,
        inside,
        lines,
        xhr(name, path) {
          const xhr = new inside.XMLHttpRequest()
          const types = ['readystatechange', 'error', 'abort', 'timeout', 'load', 'loadend']
          for (const type of types)
            xhr.addEventListener(type, () => {
              if (xhr.readyState !== 3) lines.push(`${name}: ${type} ${xhr.readyState} ${xhr.status}`)
            })
          xhr.open('GET', path)
          xhr.send()
          return xhr
        },
        async fetch(name, path, init) {
          try {
            return await inside.fetch(path, init)
          } catch (error) {
            const { name: kind, message } = error as Error
            lines.push(`${name}: ${kind} ${error instanceof inside.TypeError} ${message}`)
            return undefined
          }
        },
        async until(line) {
          while (!lines.some((each) => each.startsWith(line))) await turn()
        },
      }
    }
  })
