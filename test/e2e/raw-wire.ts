import type { Page } from 'puppeteer-core'

/** The fields of an `ask` frame that differ from a plain GET. */
type Claims = Record<string, unknown>

/** Frames straight to the isolated script of a frame of the page, past the page's script. */
export interface RawWire {
  /** Post frames exactly as they are. */
  post(frames: unknown[]): Promise<void>
  /** Ask, and give the first frame that answers. */
  ask(url: string, claims?: Claims): Promise<unknown>
  /** Ask without waiting. @returns the call's id. */
  start(url: string, claims?: Claims): Promise<number>
  /** Post one frame so many times. */
  repeat(frame: unknown, times: number): Promise<void>
  /** Ask and give up so many times. */
  flood(url: string, times: number): Promise<void>
}

/**
 * Take the page's part on the wire: in a frame whose window is there before any script of ours, so that the page can
 * listen first, keep the pairing event from the isolated script and offer it a port of its own.
 */
export async function rawWire(page: Page): Promise<RawWire> {
  await page.evaluate(takeThePagesPart)
  return {
    post: (frames) => page.evaluate((all) => (globalThis as unknown as Taken).raw.post(all), frames),
    ask: (url, claims = {}) =>
      page.evaluate((to, more) => (globalThis as unknown as Taken).raw.ask(to, more), url, claims),
    start: (url, claims = {}) =>
      page.evaluate((to, more) => (globalThis as unknown as Taken).raw.start(to, more), url, claims),
    repeat: (frame, times) =>
      page.evaluate(
        (one, many) => {
          for (let sent = 0; sent < many; sent++) (globalThis as unknown as Taken).raw.post([one])
        },
        frame,
        times,
      ),
    flood: (url, times) =>
      page.evaluate(
        (to, many) => {
          const { raw } = globalThis as unknown as Taken
          for (let sent = 0; sent < many; sent++) raw.post([{ type: 'cancel', id: raw.start(to, {}) }])
        },
        url,
        times,
      ),
  }
}

interface Taken {
  raw: {
    post(frames: unknown[]): void
    start(url: string, claims: Claims): number
    ask(url: string, claims: Claims): Promise<unknown>
  }
}

/** Runs in the page. */
async function takeThePagesPart(): Promise<void> {
  const frame = document.createElement('iframe')
  frame.srcdoc = '<p>'
  document.body.append(frame)
  const channel = new MessageChannel()
  const window = frame.contentWindow as Window & typeof globalThis
  let offered = false
  window.addEventListener('valetkey-port', (event) => {
    if (offered) return
    event.stopImmediatePropagation()
  })
  await new Promise((resolve) => {
    frame.onload = resolve
  })
  offered = true
  const inner = frame.contentWindow as Window & typeof globalThis
  const taken = !inner.dispatchEvent(
    new inner.MessageEvent('valetkey-port', { ports: [channel.port2], cancelable: true }),
  )
  if (!taken) throw new Error('the isolated script did not take the port')
  const waiting = new Map<number, (frame: unknown) => void>()
  let last = 0
  channel.port1.onmessage = ({ data }) => {
    waiting.get(data.id)?.(data)
    waiting.delete(data.id)
  }
  const raw: Taken['raw'] = {
    post: (frames) => {
      for (const one of frames) channel.port1.postMessage(one)
    },
    start: (url, claims) => {
      last += 1
      const ask = {
        method: 'GET',
        url,
        headers: [],
        hasBody: false,
        bodyLength: 0,
        redirect: 'follow',
        integrity: '',
        cache: 'default',
        ...claims,
      }
      channel.port1.postMessage({ type: 'ask', id: last, ...ask })
      return last
    },
    ask: (url, claims) => {
      const id = raw.start(url, claims)
      return new Promise((resolve) => waiting.set(id, resolve))
    },
  }
  Object.assign(globalThis, { raw })
}
