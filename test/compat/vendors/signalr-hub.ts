import { sendJson } from '../../support/upstreams/loopback-server.ts'
import type { Handler } from './vendor.ts'

/** Ends each message (github.com/dotnet/aspnetcore, HubProtocol.md). */
const END = '\u001e'

/** What is to be told to one page, and its poll where it waits. */
interface Line {
  readonly unsaid: string[]
  isBegun: boolean
  isOver: boolean
  answer: (() => void) | null
}

/** A hub by long polling (github.com/dotnet/aspnetcore, TransportProtocols.md): it answers `echo`, and tells something of its own. */
export function signalrHandlers(): Readonly<Record<string, Handler>> {
  const line: Line = { unsaid: [], isBegun: false, isOver: false, answer: null }
  const tell = (message: object) => {
    line.unsaid.push(JSON.stringify(message) + END)
    line.answer?.()
  }
  const hear = (text: string) => {
    const { protocol, type, invocationId, arguments: given } = JSON.parse(text)
    if (protocol !== undefined) return tell({})
    if (type !== 1) return
    tell({ type: 3, invocationId, result: given[0] })
    tell({ type: 1, target: 'told', arguments: ['later'] })
  }
  return {
    'POST /hub/negotiate': ({ response }) => {
      const transports = [{ transport: 'LongPolling', transferFormats: ['Text'] }]
      const named = { connectionId: 'one', connectionToken: 'one' }
      sendJson(response, 200, { negotiateVersion: 1, ...named, availableTransports: transports })
    },
    'GET /hub': ({ response }) => {
      line.answer = () => {
        line.answer = null
        const said = line.unsaid.splice(0).join('')
        response.writeHead(line.isOver ? 204 : 200, { 'content-type': 'application/octet-stream' }).end(said)
      }
      // The first poll is answered at once: it says that the line is there.
      if (!line.isBegun || line.isOver || line.unsaid.length > 0) line.answer()
      line.isBegun = true
    },
    'POST /hub': ({ response, body }) => {
      response.writeHead(200).end()
      for (const text of body.toString().split(END).slice(0, -1)) hear(text)
    },
    'DELETE /hub': ({ response }) => {
      line.isOver = true
      line.answer?.()
      response.writeHead(202).end()
    },
  }
}
