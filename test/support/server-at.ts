import { createServer, type Server } from 'node:http'
import { eventually } from './eventually.ts'

/** Serve on a loopback port that another process has just left, as soon as the system gives it away. */
export async function serverAt(port: number): Promise<{ close(): Promise<void> }> {
  const server = await eventually(
    `port ${port} is free`,
    () => listenAt(port),
    () => true,
  )
  const close = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections()
      server.close(() => resolve())
    })
  return { close }
}

function listenAt(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((_, response) => response.end('a stranger'))
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve(server))
  })
}
