import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.png': 'image/png',
  '.json': 'application/json',
}

/** A server on loopback with the built extension's pages. */
export interface PageServer {
  origin: string
  close(): Promise<void>
}

/** Serve a built extension's folder as the browser would: under the manifest's own content security policy. */
export async function servePages(folder: string): Promise<PageServer> {
  const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as {
    content_security_policy: { extension_pages: string }
  }
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://stage').pathname)
    // What a browser asks of every server by itself, and of no extension.
    if (path === '/favicon.ico') return response.writeHead(204).end()
    const bytes = await readFile(join(folder, path)).catch(() => null)
    if (bytes === null) return response.writeHead(404).end()
    response.writeHead(200, {
      'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
      'content-security-policy': manifest.content_security_policy.extension_pages,
    })
    return response.end(bytes)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
