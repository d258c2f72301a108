import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { eventually } from '../../support/eventually.ts'

/** Pages and workers that do what their address says, for both of the machine's names. */
export interface WorkerSite {
  readonly port: number
  /** What pages told by loading `/outcome?what`, in order. */
  readonly outcomes: string[]
  /** Addresses below `/caught` that reached the network. */
  readonly leaks: string[]
  close(): Promise<void>
}

/** Tells the server something, from any document. Each time by another address: browsers load a picture once. */
const TELL =
  'var tell = (what) => { new Image().src = "/outcome?what=" + encodeURIComponent(what) + "&n=" + Math.random() }'

/**
 * Start it: `*.js` answers the script in `code`, `/plain/text` says hello, `/plain/told` answers once something was told, everything else is a page that runs `code`, under the
 * policy in `csp`.
 */
export async function startWorkerSite(): Promise<WorkerSite> {
  const leaks: string[] = []
  const outcomes: string[] = []
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://worker.test')
    const send = (type: string, body: string, status = 200) =>
      response.writeHead(status, { 'content-type': type, 'access-control-allow-origin': '*' }).end(body)
    if (pathname.startsWith('/caught')) leaks.push(pathname)
    const csp = searchParams.get('csp')
    if (csp) response.setHeader('content-security-policy', csp)
    if (pathname === '/missing.js') return send('text/plain', 'none', 404)
    if (pathname === '/page.js') return send('text/html', '<p>')
    if (pathname.endsWith('.js'))
      return send('text/javascript', searchParams.get('code') ?? 'postMessage("ran")')
    if (pathname === '/outcome' || pathname === '/plain/outcome') {
      outcomes.push(searchParams.get('what') ?? '')
      return send('image/gif', '')
    }
    if (pathname === '/plain/text') return send('text/plain', 'hello')
    if (pathname === '/plain/told') {
      const isTold = eventually(
        'something was told',
        () => outcomes.length,
        (count) => count > 0,
      )
      return void isTold.then(
        () => send('text/plain', 'yes'),
        () => send('text/plain', 'no'),
      )
    }
    if (pathname === '/plain/slow') {
      response.writeHead(200, { 'content-type': 'text/plain' })
      const timer = setInterval(() => response.write('part '), 50)
      return response.on('close', () => clearInterval(timer))
    }
    const code = `${TELL};${searchParams.get('code') ?? ''}`
    const script = `<script>${pathname.startsWith('/page.') ? `<![CDATA[${code}]]>` : code}</script>`
    if (pathname === '/page.xhtml')
      return send(
        'application/xhtml+xml',
        `<html xmlns="http://www.w3.org/1999/xhtml"><head><title>page</title>${script}</head><body/></html>`,
      )
    if (pathname === '/page.svg')
      return send('image/svg+xml', `<svg xmlns="http://www.w3.org/2000/svg">${script}</svg>`)
    return send(
      'text/html',
      `<!doctype html>${script}<title>page</title><link rel="icon" href="data:,"><body>`,
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    outcomes,
    port: (server.address() as AddressInfo).port,
    leaks,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
