import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  hasBearer,
  type LoopbackServer,
  sendJson,
  startLoopbackServer,
} from '../upstreams/loopback-server.ts'

/** Pages that leave themselves, again and again, in the middle of their calls. */
export interface RaceServer extends LoopbackServer {
  /** Documents loaded, by chain. */
  readonly documents: ReadonlyMap<string, number>
  /** How each document was left, counted. */
  readonly ways: ReadonlyMap<string, number>
  /** Pieces of answers that reached the document that asked. */
  readonly heard: { count: number }
  /** What a document heard that was not for it. */
  readonly offences: readonly string[]
}

export interface RaceOptions {
  /** The API as {@link startRaceUpstream} serves it. */
  api: string
  /** Documents of a chain before it stays where it is. */
  length: number
  /** Name of the granted site, and of another that a chain goes through. */
  names: readonly [granted: string, other: string]
}

/** An API whose every piece of an answer names the document that asked: `doc=<name>;`. Paths `fast`, `slow`, `stream`. */
export function startRaceUpstream(key: string): Promise<LoopbackServer> {
  return startLoopbackServer(
    async (request, response) => {
      request.resume()
      if (!hasBearer(request, [key])) return sendJson(response, 401, {})
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://race.test')
      const piece = `doc=${searchParams.get('doc')};`
      if (pathname.endsWith('slow')) await sleep(60)
      if (!pathname.endsWith('stream')) return sendJson(response, 200, piece)
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      for (let sent = 0; sent < 400 && !response.destroyed; sent++) {
        response.write(`data: ${piece}\n\n`)
        await sleep(4)
      }
      response.end()
    },
    { cors: true },
  )
}

/** Start it. The chain `hub` is one page that stays. */
export async function startRaceServer({ api, length, names }: RaceOptions): Promise<RaceServer> {
  const documents = new Map<string, number>()
  const posted = new Set<string>()
  const ways = new Map<string, number>()
  const offences: string[] = []
  const heard = { count: 0 }
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    request.resume()
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://race.test')
    const chain = searchParams.get('chain') ?? ''
    if (pathname === '/told') {
      const way = searchParams.get('way') ?? ''
      if (way !== '') ways.set(way, (ways.get(way) ?? 0) + 1)
      heard.count += Number(searchParams.get('heard') ?? 0)
      offences.push(...searchParams.getAll('offence'))
      return void response.writeHead(204).end()
    }
    const number = documents.get(chain) ?? 0
    documents.set(chain, number + 1)
    if (request.method === 'POST') posted.add(chain)
    const facts = {
      chain,
      name: `${chain}-${number}`,
      leaves: chain !== 'hub' && number < length,
      // Firefox asks the person before it sends a form again, and stops the tab with all its frames until they answer.
      never: posted.has(chain) ? ['reload', 'back'] : [],
      api,
      origins: names.map((name) => `http://${name}:${server.port}`),
    }
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.end(
      `<!doctype html><link rel="icon" href="data:,"><body><script>(${race})(${JSON.stringify(facts)})</script>`,
    )
  }
  const server: LoopbackServer = await startLoopbackServer(answer)
  return Object.assign(server, { documents, ways, offences, heard })
}

/** Runs in each document, as its first script. */
const race = `function ({ chain, name, leaves, never, api, origins }) {
  let heard = 0, at = 0, atFirst = () => {}
  const tell = (facts) => navigator.sendBeacon('/told?' + new URLSearchParams({ chain, ...facts }))
  const offend = (what) => tell({ offence: name + ' ' + what })
  const check = (text) => {
    for (const [, of] of text.matchAll(/doc=([^;]*);/g)) of === name ? heard++ : offend('heard what was for ' + of)
    if (heard > 0) atFirst()
  }
  addEventListener('message', () => offend('got a message'), true)
  addEventListener('valetkey-port', ({ ports }) => ports?.length && offend('got a port'), true)
  const url = (kind) => api + '/' + kind + '?doc=' + encodeURIComponent(name)
  const read = async (kind) => {
    const reader = (await fetch(url(kind))).body.pipeThrough(new TextDecoderStream()).getReader()
    for (let next = await reader.read(); !next.done; next = await reader.read()) check(next.value)
  }
  const ask = (kind) => {
    const xhr = new XMLHttpRequest()
    xhr.onprogress = xhr.onload = () => { check(xhr.responseText.slice(at)); at = xhr.responseText.length }
    xhr.open('GET', url(kind))
    xhr.send()
  }
  const begin = () => {
    for (const kind of ['fast', 'slow', 'stream']) read(kind).catch(() => {})
    ask('slow')
    ask('stream')
  }
  const here = location.pathname + '?chain=' + chain
  const WAYS = {
    assign: () => location.assign(here),
    replace: () => location.replace(here),
    reload: () => location.reload(),
    hop: () => location.assign(origins[location.origin === origins[0] ? 1 : 0] + here),
    post: () => {
      const form = document.body.appendChild(Object.assign(document.createElement('form'), { method: 'post', action: here }))
      form.submit()
    },
    anew: () => {
      document.open()
      document.write('<p>')
      document.close()
      setTimeout(() => location.assign(here), 10)
    },
    src: () => { frameElement ? frameElement.src = here + '&' + Math.random() : location.assign(here) },
    removed: () => {
      const frame = frameElement
      if (!frame) return location.assign(here)
      const { parentNode } = frame
      frame.remove()
      parentNode.append(frame)
    },
    back: () => {
      if (top === self) history.back()
      setTimeout(() => location.assign(here), 200)
    },
  }
  const leave = () => {
    const ways = Object.keys(WAYS).filter((way) => !never.includes(way))
    let way = ways[Math.floor(Math.random() * ways.length)]
    tell({ way, heard })
    heard = 0
    try { WAYS[way]() } catch { location.assign(here) }
  }
  const go = () => {
    begin()
    // The last document of a chain says what it hears while it is there: what a page says as it closes may be lost.
    if (!leaves) return void setInterval(() => { tell({ heard }); heard = 0 }, 100)
    // Half of them at any moment, the others in the middle of an answer, however late the machine brings it.
    const soon = Math.random() * 120
    if (Math.random() < 0.5) setTimeout(leave, soon)
    else atFirst = () => { atFirst = () => {}; setTimeout(leave, soon / 4) }
    // Of a navigation over another one a browser may make nothing at all: then the document is still here.
    setTimeout(() => location.assign(here), 4000)
  }
  addEventListener('pageshow', ({ persisted }) => persisted && (tell({ way: 'restored' }), go()))
  addEventListener('pagehide', () => tell({ heard }))
  go()
}`

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))
