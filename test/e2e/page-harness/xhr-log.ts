import type { Page } from 'puppeteer-core'

/** One scene with an XMLHttpRequest: what is sent, and what a handler does to the instance in the middle of it. */
export interface XhrScene {
  /** Below `/plain` or `/caught`. */
  path: string
  /** A body: sent by POST. Without one it is a GET. */
  body?: string
  /** Whether `xhr.upload` is listened to. */
  upload?: boolean
  timeout?: number
  /** Whether `abort` is called right after `send`. */
  aborted?: boolean
  /** The event whose first dispatch acts: `load`, `readystatechange 2`, `upload progress`. */
  on: string
  /** Tells apart what is otherwise alike. */
  label?: string
  act: XhrAct
}

/** `open` is called with another address; `send` sends. */
export type XhrAct = 'abort' | 'open' | 'open send' | 'abort open send'

/** What probes of XMLHttpRequest find in the page, as `window.xhrLog`. */
export interface XhrLog {
  /**
   * Every event of an instance from now on, as lines: what, state, status, loaded/total/computable. What streams while a body
   * loads, and repeated upload progress, is one line: how often it comes is a matter of timing.
   */
  watch(xhr: XMLHttpRequest, upload?: boolean): string[]
  /** Until the instance's next `loadend`, and a few tasks more. */
  over(xhr: XMLHttpRequest): Promise<void>
  /** A few tasks, in which what was due comes. */
  settle(): Promise<void>
  /** The name of what `act` throws, or what it returns. */
  attempt(act: () => unknown): unknown
  /** Play a scene to its end. */
  play(base: string, scene: XhrScene): Promise<string[]>
}

/** Put {@link XhrLog} into a page. */
export const installXhrLog = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const TYPES = [
      'readystatechange',
      'loadstart',
      'progress',
      'load',
      'error',
      'abort',
      'timeout',
      'loadend',
    ]
    const numbers = (event: Event) =>
      event instanceof ProgressEvent ? ` ${event.loaded}/${event.total}/${event.lengthComputable}` : ''
    const watch: XhrLog['watch'] = (xhr, upload = false) => {
      const lines: string[] = []
      const note = (line: string) => {
        const isRepeated = /^(loading|upload progress)$/.test(line) && lines.at(-1) === line
        if (!isRepeated) lines.push(line)
      }
      for (const type of TYPES) {
        xhr.addEventListener(type, (event) => {
          const isStreaming = xhr.readyState === 3 && /^(readystatechange|progress)$/.test(type)
          note(isStreaming ? 'loading' : `${type} ${xhr.readyState} ${xhr.status}${numbers(event)}`)
        })
        if (!upload) continue
        xhr.upload.addEventListener(type, (event) =>
          note(`upload ${type}${type === 'progress' ? '' : numbers(event)}`),
        )
      }
      return lines
    }
    const settle = async () => {
      for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setTimeout(resolve, 1))
    }
    const over = (xhr: XMLHttpRequest) =>
      new Promise<void>((resolve) => xhr.addEventListener('loadend', () => resolve(settle())))
    const attempt = (act: () => unknown) => {
      try {
        return act()
      } catch (error) {
        return (error as Error).name
      }
    }
    const acts: Record<XhrAct, (xhr: XMLHttpRequest, url: string) => void> = {
      abort: (xhr) => xhr.abort(),
      open: (xhr, url) => xhr.open('GET', url),
      'open send': (xhr, url) => {
        xhr.timeout = 0
        xhr.open('GET', url)
        xhr.send()
      },
      'abort open send': (xhr, url) => {
        xhr.abort()
        acts['open send'](xhr, url)
      },
    }
    const play: XhrLog['play'] = async (base, scene) => {
      const xhr = new XMLHttpRequest()
      const lines = watch(xhr, scene.upload)
      const second = `${base}/text?hex=6f6b`
      const words = scene.on.split(' ')
      const target = words[0] === 'upload' ? xhr.upload : xhr
      const type = words[0] === 'upload' ? words[1] : words[0]
      const state = words[0] === 'upload' ? undefined : words[1]
      const acted = new Promise<void>((resolve) => {
        let isDone = false
        target.addEventListener(type as string, () => {
          if (isDone || (state !== undefined && `${xhr.readyState}` !== state)) return
          isDone = true
          lines.push(`${scene.act}:`)
          acts[scene.act](xhr, second)
          lines.push(`then ${xhr.readyState} ${xhr.status}`)
          resolve()
        })
      })
      const ended = over(xhr)
      xhr.timeout = scene.timeout ?? 0
      xhr.open(scene.body === undefined ? 'GET' : 'POST', base + scene.path)
      xhr.send(scene.body)
      lines.push(`sent ${xhr.readyState}`)
      if (scene.aborted) xhr.abort()
      await Promise.race([acted, ended])
      if (scene.act.endsWith('send') && lines.includes(`${scene.act}:`)) {
        const isOver = () => xhr.responseText === 'ok' && lines.at(-1)?.startsWith('loadend 4')
        for (let turn = 0; turn < 500 && !isOver(); turn++) await settle()
      }
      await settle()
      lines.push(`at last ${xhr.readyState} ${xhr.status} ${xhr.responseText}`)
      return lines
    }
    Object.assign(window, { xhrLog: { watch, over, settle, attempt, play } satisfies XhrLog })
  })

declare global {
  interface Window {
    xhrLog: XhrLog
  }
}
