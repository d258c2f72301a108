import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Page } from 'puppeteer-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type LoopbackServer, readBody, startLoopbackServer } from '../support/upstreams/loopback-server.ts'
import { onEachBrowser } from './scene.ts'

/**
 * A service at the page's own origin, through the real host: what comes of a caught call below `/v1` that may go nowhere else is
 * what comes of the browser's own below `/plain`.
 */
onEachBrowser('redirects of calls to the page’s own origin alone', (scene) => {
  let upstream: LoopbackServer
  let other: LoopbackServer
  let page: Page
  beforeAll(async () => {
    const key = scene.canary('own', 'sk-')
    upstream = await startLoopbackServer(answer, { cors: true })
    other = await startLoopbackServer(answer, { cors: true })
    const origin = `http://localhost:${upstream.port}`
    const base = ['--base-url', `${origin}/v1`, '--auth', 'bearer', '--local', '--secret-stdin']
    const { valetkey } = scene.stage
    await valetkey.ask(['service', 'add', 'own', ...base, '--address', '127.0.0.1'], key)
    await valetkey.ask(['capability', 'add', 'own', '--service', 'own', '--allow', '* /v1/**'])
    await scene.grant(origin, 'own')
    page = await scene.open(`${origin}/`)
  })
  afterAll(async () => {
    await Promise.all([upstream?.close(), other?.close()])
  })

  const modes = ['follow', 'manual', 'error'] as const
  const outcomes = (location: string) =>
    page.evaluate(
      async (to, redirects) => {
        const results: Record<'plain' | 'v1', unknown[]> = { plain: [], v1: [] }
        for (const base of ['plain', 'v1'] as const)
          for (const redirect of redirects) {
            try {
              const url = `/${base}/to?location=${encodeURIComponent(to.replace('BASE', base))}`
              const response = await fetch(url, { mode: 'same-origin', redirect })
              const { type, status, redirected } = response
              results[base].push([type, status, redirected, await response.text()])
            } catch (error) {
              results[base].push(`${(error as Error).name} ${(error as Error).message}`)
            }
          }
        return results
      },
      location,
      modes,
    )

  test('are followed within it', async () => {
    const { plain, v1 } = await outcomes('/BASE/echo')
    expect(v1).toEqual(plain)
    expect(plain[0]).toEqual(['basic', 200, true, 'here'])
  })

  test('are errors where they lead to another, which hears nothing of a caught one', async () => {
    for (const place of [`http://localhost:${other.port}`, `http://127.0.0.1:${upstream.port}`]) {
      const { plain, v1 } = await outcomes(`${place}/BASE/echo`)
      expect(v1).toEqual(plain)
      expect(plain[0]).toMatch(/^TypeError/)
    }
    expect(other.journal.calls).toEqual([])
  })
})

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://service.test')
  await readBody(request)
  const location = url.searchParams.get('location')
  if (url.pathname === '/')
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>own</title>')
  else if (location !== null) response.writeHead(302, { location }).end('moved')
  else response.writeHead(200, { 'content-type': 'text/plain' }).end('here')
}
