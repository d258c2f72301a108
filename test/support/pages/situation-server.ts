import type { IncomingMessage, ServerResponse } from 'node:http'
import { type LoopbackServer, startLoopbackServer } from '../upstreams/loopback-server.ts'

/** Pages that call an API as soon as they are there, on every name and port of this machine. */
export interface SituationServer extends LoopbackServer {
  /** What calls came to, by case: a status, or the name of an error. Absent: it did not run, or has not ended. */
  readonly outcomes: ReadonlyMap<string, string>
  /** The origin of a name, e.g. `bank.localhost`. */
  originAs(name: string): string
}

/** Address of a page that makes the call of a case. */
export const callAt = (origin: string, name: string, query = ''): string =>
  `${origin}/call?case=${encodeURIComponent(name)}${query}`

/** Address of a page that shows another in a frame. */
export const holderAt = (origin: string, of: string, attributes = ''): string =>
  `${origin}/holder?${new URLSearchParams({ of, attributes })}`

/** Start it. @param api the URL to call. @param placeholder what the pages send as their key. */
export async function startSituationServer(api: string, placeholder: string): Promise<SituationServer> {
  const outcomes = new Map<string, string>()
  const server: LoopbackServer = await startLoopbackServer((request, response) =>
    answer({
      request,
      response,
      outcomes,
      script: scriptFor(api, placeholder, `http://127.0.0.1:${server.port}`),
    }),
  )
  return Object.assign(server, { outcomes, originAs: (name: string) => `http://${name}:${server.port}` })
}

interface Asked {
  request: IncomingMessage
  response: ServerResponse
  outcomes: Map<string, string>
  /** Defines `call(name)`. */
  script: string
}

function answer({ request, response, outcomes, script }: Asked): void {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://situation.test')
  const asked = (name: string) => searchParams.get(name) ?? ''
  const send = (type: string, body: string) => response.writeHead(200, { 'content-type': type }).end(body)
  switch (pathname) {
    case '/outcome':
      outcomes.set(asked('case'), asked('came'))
      return void send('image/gif', '')
    case '/redirect':
      return void response.writeHead(302, { location: asked('to') }).end()
    case '/call.js':
      return void send('text/javascript', `${script};call(${JSON.stringify(asked('case'))})`)
    case '/call.svg':
      return void send(
        'image/svg+xml',
        `<svg xmlns="http://www.w3.org/2000/svg"><script href="/call.js?case=${encodeURIComponent(asked('case'))}"/></svg>`,
      )
    case '/document.pdf':
      return void send('application/pdf', '%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>')
  }
  // Lets pages set `document.domain` where a browser still has it.
  response.setHeader('origin-agent-cluster', '?0')
  if (searchParams.has('csp')) response.setHeader('content-security-policy', asked('csp'))
  const body =
    pathname === '/holder'
      ? `<iframe ${asked('attributes')} src="${asked('of').replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"></iframe>`
      : ''
  const call = searchParams.has('case') ? `;${asked('first')};call(${JSON.stringify(asked('case'))})` : ''
  send(
    'text/html; charset=utf-8',
    `<!doctype html><link rel="icon" href="data:,"><body>${body}<script>${script}${call}</script>`,
  )
}

/** An image tells the outcome: every document may load one, whatever its origin. In a worker there is none. */
function scriptFor(api: string, placeholder: string, home: string): string {
  const init = JSON.stringify({ headers: { authorization: `Bearer ${placeholder}` } })
  return `
  var call = (name, by = globalThis) => by.fetch('${api}?case=' + encodeURIComponent(name), ${init})
    .then((r) => r.status, (e) => e.name)
    .then((came) => {
      const url = '${home}/outcome?' + new URLSearchParams({ case: name, came })
      if (globalThis.document) new Image().src = url
      else fetch(url, { mode: 'no-cors' })
    })`
}
