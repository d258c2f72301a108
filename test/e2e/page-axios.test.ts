import type { Page } from 'puppeteer-core'
import { beforeAll, expect, test } from 'vitest'
import { both } from './page-harness/probe.ts'
import type { TestServer } from './page-harness/server.ts'

const AXIOS = new URL('../../node_modules/axios/dist/axios.min.js', import.meta.url).pathname

import { inEachBrowser } from './page-harness/suite.ts'

inEachBrowser('axios', (suite) => {
  let server: TestServer
  let page: Page

  beforeAll(async () => {
    ;({ server, page } = suite)
    await page.addScriptTag({ path: AXIOS })
  })

  test.each(['xhr', 'fetch'])('works over %s as it does without the extension', async (adapter) => {
    await page.evaluate((kind: string) => Object.assign(window, { kind }), adapter)
    const { plain, caught } = await both(page, async (base) => {
      const { axios, kind } = window as unknown as {
        axios: typeof import('axios').default
        kind: 'xhr' | 'fetch'
      }
      const client = axios.create({ adapter: kind, headers: { Authorization: 'Bearer placeholder' } })
      const why = (error: { name: string; code: string; message: string; response?: { status: number } }) => [
        error.name,
        error.code,
        error.message,
        error.response?.status,
      ]
      const aborted = new AbortController()
      setTimeout(() => aborted.abort(), 60)
      let last = 0
      // Over fetch it needs a streamed body, which Chromium does not send over HTTP/1.1.
      const onUploadProgress = ({ loaded }: { loaded: number }) => {
        last = loaded
      }
      const posted = await client.post(`${base}/echo`, { a: 'é' }, kind === 'xhr' ? { onUploadProgress } : {})
      const buffer = await client.get(`${base}/text?hex=00ff80`, { responseType: 'arraybuffer' })
      return [
        posted.data,
        last,
        [...new Uint8Array(buffer.data)],
        buffer.headers['x-a'],
        await client.get(`${base}/status?code=404`).catch(why),
        await client.get(`${base}/hang`, { timeout: 80 }).catch(why),
        await client.get(`${base}/hang`, { signal: aborted.signal }).catch(why),
      ]
    })
    expect(caught).toEqual(plain)
    expect(server.leaks).toEqual([])
  })
})
