import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Pages and workers that do what their address says, for both of the machine's names. */
export interface WorkerSite {
  readonly port: number
  /** Addresses below `/caught` that reached the network. */
  readonly leaks: string[]
  close(): Promise<void>
}

/** Start it: `*.js` answers the script in `code`, `/plain/text` says hello, everything else is a page under the policy in `csp`. */
export async function startWorkerSite(): Promise<WorkerSite> {
  const leaks: string[] = []
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://worker.test')
    const send = (type: string, body: string, status = 200) =>
      response.writeHead(status, { 'content-type': type, 'access-control-allow-origin': '*' }).end(body)
    if (pathname.startsWith('/caught')) leaks.push(pathname)
    const csp = searchParams.get('csp')
    if (csp) response.setHeader('content-security-policy', csp)
    if (pathname === '/moved.js') return response.writeHead(302, { location: '/script.js' }).end()
    if (pathname === '/missing.js') return send('text/plain', 'none', 404)
    if (pathname === '/page.js') return send('text/html', '<p>')
    if (pathname.endsWith('.js'))
      return send('text/javascript', searchParams.get('code') ?? 'postMessage("ran")')
    if (pathname === '/plain/text') return send('text/plain', 'hello')
    if (pathname === '/plain/slow') {
      response.writeHead(200, { 'content-type': 'text/plain' })
      const timer = setInterval(() => response.write('part '), 50)
      return response.on('close', () => clearInterval(timer))
    }
    return send('text/html', '<!doctype html><title>page</title><link rel="icon" href="data:,">')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    leaks,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
