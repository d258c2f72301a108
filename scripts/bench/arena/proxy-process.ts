import {
  createServer,
  type IncomingMessage,
  Agent as PlainAgent,
  request as plainRequest,
  type ServerResponse,
} from 'node:http'
import { Agent as TlsAgent, request as tlsRequest } from 'node:https'
import type { AddressInfo } from 'node:net'
import { pipeline } from 'node:stream'

// What a user without a broker would run: a proxy on this machine that puts the key in. It decides nothing, records nothing and
// takes nothing out. Connections to the service are kept. The first part of a path names the service.

/** What the parent tells: the services by name, the key, and whose certificates count. */
export interface ProxyOrder {
  readonly services: Readonly<Record<string, string>>
  readonly key: string
  readonly ca: string
}

process.once('message', (order: ProxyOrder) => {
  const agents = {
    'http:': new PlainAgent({ keepAlive: true }),
    'https:': new TlsAgent({ keepAlive: true, ca: order.ca }),
  }
  const server = createServer((request, response) => forward(request, response, order, agents))
  server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }))
})
process.on('disconnect', () => process.exit(0))

type Agents = { 'http:': PlainAgent; 'https:': TlsAgent }

function forward(
  request: IncomingMessage,
  response: ServerResponse,
  order: ProxyOrder,
  agents: Agents,
): void {
  response.setHeader('access-control-allow-origin', '*')
  if (request.method === 'OPTIONS') {
    response.setHeader(
      'access-control-allow-headers',
      request.headers['access-control-request-headers'] ?? '',
    )
    response.writeHead(204).end()
    return
  }
  const [, service = '', rest = ''] = /^\/([^/]+)(\/.*)$/.exec(request.url ?? '') ?? []
  const url = new URL(`${order.services[service] ?? 'http://127.0.0.1:1'}${rest}`)
  const { host: _, origin: __, referer: ___, ...kept } = request.headers
  const headers = { ...kept, authorization: `Bearer ${order.key}` }
  const isTls = url.protocol === 'https:'
  const send = isTls ? tlsRequest : plainRequest
  const onward = send(
    url,
    { method: request.method, headers, agent: agents[isTls ? 'https:' : 'http:'] },
    (answer) => {
      const { 'access-control-allow-origin': ____, ...given } = answer.headers
      response.writeHead(answer.statusCode ?? 502, given)
      pipeline(answer, response, () => {})
    },
  )
  onward.on('error', () => response.destroy())
  pipeline(request, onward, () => {})
}
