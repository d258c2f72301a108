import type { CDPSession, HTTPRequest, Page } from 'puppeteer-core'

/** What was seen of a page from outside while it ran: its console, its errors and its network log. */
export interface PageWatch {
  /** Everything so far, as one text. */
  text(): string
}

/** Watch a page from now on. In Chromium the network log is the raw one of the DevTools protocol, headers included. */
export async function watchPage(page: Page): Promise<PageWatch> {
  const seen: string[] = []
  page.on('console', (message) => seen.push(`console: ${message.text()}`))
  page.on('pageerror', (error) => seen.push(`error: ${String(error)}`))
  page.on('request', (request) =>
    seen.push(`request: ${request.url()} ${JSON.stringify(request.headers())} ${postDataOf(request)}`),
  )
  page.on('response', (response) =>
    seen.push(`response: ${response.url()} ${JSON.stringify(response.headers())}`),
  )
  const session = await page.createCDPSession().catch(() => null)
  if (session !== null) await watchNetwork(session, seen)
  return { text: () => seen.join('\n') }
}

/** Firefox's driver cannot tell. */
function postDataOf(request: HTTPRequest): string {
  try {
    return request.postData() ?? ''
  } catch {
    return ''
  }
}

async function watchNetwork(session: CDPSession, seen: string[]): Promise<void> {
  for (const event of [
    'Network.requestWillBeSent',
    'Network.requestWillBeSentExtraInfo',
    'Network.responseReceived',
    'Network.responseReceivedExtraInfo',
    'Network.loadingFailed',
  ] as const) {
    session.on(event, (params: unknown) => seen.push(`${event}: ${JSON.stringify(params)}`))
  }
  await session.send('Network.enable')
}

/**
 * Everything a script of the page can reach without help: the document, form values, storage of every kind, cookies,
 * performance entries, and the strings in all objects reachable from its globals (function sources included).
 */
export function reachableText(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const found: string[] = [document.documentElement.outerHTML, document.cookie, location.href]
    for (const field of document.querySelectorAll('input, textarea')) {
      found.push((field as HTMLInputElement).value)
    }
    found.push(JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage }))
    found.push(JSON.stringify(performance.getEntries()))
    for (const { name } of await indexedDB.databases()) {
      const opened = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open(name ?? '')
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(request.error)
      })
      for (const store of opened.objectStoreNames) {
        const all = opened.transaction(store).objectStore(store).getAll()
        await new Promise((resolve) => {
          all.onsuccess = resolve
        })
        found.push(JSON.stringify(all.result))
      }
      opened.close()
    }
    if ('caches' in globalThis) {
      for (const name of await caches.keys()) {
        const cache = await caches.open(name)
        for (const request of await cache.keys()) {
          found.push(request.url, (await (await cache.match(request))?.text()) ?? '')
        }
      }
    }
    const visited = new Set<unknown>()
    const waiting: unknown[] = [globalThis]
    while (waiting.length > 0 && visited.size < 100_000) {
      const value = waiting.pop()
      if (typeof value === 'string') found.push(value)
      if (
        (typeof value !== 'object' && typeof value !== 'function') ||
        value === null ||
        visited.has(value)
      ) {
        continue
      }
      visited.add(value)
      if (typeof value === 'function') found.push(Function.prototype.toString.call(value))
      if (value instanceof Map || value instanceof Set) waiting.push(...value.keys(), ...value.values())
      if (value instanceof Headers) waiting.push(...[...value].flat())
      for (const name of Reflect.ownKeys(value)) {
        try {
          waiting.push(typeof name === 'string' ? name : name.description, Reflect.get(value, name))
        } catch {
          // A getter that refuses: a script of the page gets no more from it either.
        }
      }
      waiting.push(Object.getPrototypeOf(value))
    }
    return found.join('\n')
  })
}

/** All strings on the JavaScript heap of a page or worker (Chromium), whether or not a script could still reach them. */
export async function heapText(session: CDPSession): Promise<string> {
  const pieces: string[] = []
  const keep = ({ chunk }: { chunk: string }) => pieces.push(chunk)
  session.on('HeapProfiler.addHeapSnapshotChunk', keep)
  try {
    await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false, captureNumericValue: false })
  } finally {
    session.off('HeapProfiler.addHeapSnapshotChunk', keep)
  }
  return pieces.join('')
}
