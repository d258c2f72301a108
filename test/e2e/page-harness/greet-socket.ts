import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'

/** What a server adds to the client's key (RFC 6455, section 1.3). */
const MAGIC = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

/** Take a WebSocket, say which path and protocols it asked for, and close it: an `upgrade` listener. */
export function greetSocket(request: IncomingMessage, socket: Duplex): void {
  const { 'sec-websocket-key': key, 'sec-websocket-protocol': protocols } = request.headers
  const accept = createHash('sha1').update(`${key}${MAGIC}`).digest('base64')
  const lines = [
    'HTTP/1.1 101 Switching Protocols',
    'upgrade: websocket',
    'connection: Upgrade',
    `sec-websocket-accept: ${accept}`,
  ]
  if (protocols) lines.push(`sec-websocket-protocol: ${protocols.split(',')[0]}`)
  const text = Buffer.from(`${request.url} ${protocols ?? 'none'}`)
  socket.on('error', () => {})
  // What the client says is that it closes too. Whoever says nothing does not keep the server from its end.
  socket.on('data', () => socket.destroy())
  const timer = setTimeout(() => socket.destroy(), 2000)
  socket.on('close', () => clearTimeout(timer))
  // One frame of text and one that closes, with the status 1000.
  const frames = Buffer.concat([Buffer.from([0x81, text.length]), text, Buffer.from([0x88, 2, 3, 0xe8])])
  socket.write(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), frames]))
}
