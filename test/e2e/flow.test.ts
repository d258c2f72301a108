import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { commandLineOf, familyOf } from '../support/canary-processes.ts'
import { eventually } from '../support/eventually.ts'
import { leave } from '../support/leave.ts'
import { type PageServer, startPageServer } from '../support/pages/page-server.ts'
import { BLANK } from '../support/pages/test-pages.ts'
import { PATTERN, RECORDS, startFlowUpstream } from '../support/upstreams/flow-upstream.ts'
import type { LoopbackServer } from '../support/upstreams/loopback-server.ts'
import { startUploadUpstream, type UploadedPart } from '../support/upstreams/upload-upstream.ts'
import { abortStream, call, progressOf, startStream } from './in-page.ts'
import { onEachBrowser, SITES } from './scene.ts'

const MIB = 1024 * 1024
/** How much the host may grow while far larger bodies pass: windows on both sides, base64, and the collector's slack. */
const GROWTH = 96 * MIB

onEachBrowser(
  'what flows',
  (scene) => {
    let upstream: LoopbackServer
    let upload: LoopbackServer
    let site: PageServer
    beforeAll(async () => {
      const key = scene.canary('flow', 'sk-')
      upstream = await startFlowUpstream(key)
      upload = await startUploadUpstream(key)
      site = await startPageServer({ pages: { '/': BLANK } })
      for (const [id, server] of Object.entries({ flow: upstream, upload })) {
        const base = ['--base-url', `${server.url}/v1`, '--auth', 'bearer', '--local', '--secret-stdin']
        await scene.stage.valetkey.ask(['service', 'add', id, ...base], key)
        await scene.stage.valetkey.ask(['capability', 'add', id, '--service', id, '--allow', '* /v1/**'])
        await scene.grant(site.origin, id)
      }
    })
    afterAll(async () => {
      await Promise.all([site.close(), upstream.close(), upload.close()])
    })

    /** Resident memory of the host in bytes; null where the system does not tell. */
    async function hostMemory(): Promise<number | null> {
      for (const pid of await familyOf(scene.stage.driver.pid)) {
        if (!(await commandLineOf(pid)).includes('main.mjs')) continue
        const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
        const kib = /VmRSS:\s+(\d+) kB/.exec(status)?.[1]
        if (kib !== undefined) return Number(kib) * 1024
      }
      return null
    }

    /** The most the host grew while something ran. */
    async function growthWhile(run: () => Promise<unknown>): Promise<number> {
      const before = (await hostMemory()) ?? 0
      let most = before
      let running = true
      const watch = async () => {
        while (running) {
          most = Math.max(most, (await hostMemory()) ?? 0)
          await new Promise((resolve) => setTimeout(resolve, 100))
        }
      }
      const watching = watch()
      try {
        await run()
      } finally {
        running = false
        await watching
      }
      return most - before
    }

    test('200 MB come down whole while the host stays small', async () => {
      const page = await scene.open(`${site.origin}/`)
      await warmUp(page)
      let outcome = { bytes: 0, wrong: -1 }
      const growth = await growthWhile(async () => {
        outcome = await page.evaluate(
          async (url, first) => {
            const pattern = Uint8Array.from(atob(first), (character) => character.charCodeAt(0))
            const reader = (await fetch(url)).body?.getReader()
            let bytes = 0
            let wrong = 0
            for (;;) {
              const next = await reader?.read()
              if (next === undefined || next.done) return { bytes, wrong }
              for (let at = 0; at < next.value.length; at += 997) {
                if (next.value[at] !== pattern[(bytes + at) % pattern.length]) wrong++
              }
              bytes += next.value.length
            }
          },
          `${upstream.url}/v1/bytes?mib=191`,
          PATTERN.toString('base64'),
        )
      })
      expect(outcome).toEqual({ bytes: 191 * MIB, wrong: 0 })
      expect(growth).toBeLessThan(GROWTH)
    }, 240_000)

    test('a text of many records comes down byte for byte, and as the text it is', async () => {
      const page = await scene.open(`${site.origin}/`)
      const came = await page.evaluate(async (url) => {
        const response = await fetch(url)
        const [bytes, { length }] = await Promise.all([
          response.clone().arrayBuffer(),
          response.json() as Promise<unknown[]>,
        ])
        const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
        return { bytes: bytes.byteLength, length, sha256: digest.toHex() }
      }, `${upstream.url}/v1/records`)
      const sha256 = createHash('sha256').update(RECORDS).digest('hex')
      expect(came).toEqual({ bytes: RECORDS.length, length: 20_000, sha256 })
    })

    test('50 MB go up byte for byte while the host stays small', async () => {
      const page = await scene.open(`${site.origin}/`)
      await warmUp(page)
      let text = ''
      const growth = await growthWhile(async () => {
        text = await page.evaluate(
          async (url, first) => {
            const pattern = Uint8Array.from(atob(first), (character) => character.charCodeAt(0))
            const body = new Blob(Array.from({ length: 50 }, () => pattern))
            return await (await fetch(url, { method: 'POST', body })).text()
          },
          `${upload.url}/v1/files`,
          PATTERN.toString('base64'),
        )
      })
      const hash = createHash('sha256')
      for (let times = 0; times < 50; times++) hash.update(PATTERN)
      const { parts } = JSON.parse(text) as { parts: UploadedPart[] }
      expect(parts).toEqual([expect.objectContaining({ bytes: 50 * MIB, sha256: hash.digest('hex') })])
      expect(growth).toBeLessThan(GROWTH)
    }, 240_000)

    test('a page that stops reading stops the API, and going on gets the rest', async () => {
      const page = await scene.open(`${site.origin}/`)
      await page.evaluate(async (url) => {
        const response = await fetch(url)
        const reader = response.body?.getReader()
        await reader?.read()
        Object.assign(globalThis, { reader })
      }, `${upstream.url}/v1/bytes?mib=96`)
      const sent = () => upstream.journal.last.answeredBytes
      const stalled = await eventually(
        'the API waits',
        async () => {
          const before = sent()
          await new Promise((resolve) => setTimeout(resolve, 1000))
          return { moved: sent() - before, sent: sent() }
        },
        ({ moved }) => moved === 0,
      )
      // What may lie between a page that does not read and the API: our windows, and the sockets' own buffers.
      expect(stalled.sent).toBeLessThan(32 * MIB)
      const rest = await page.evaluate(async () => {
        const { reader } = globalThis as unknown as { reader: ReadableStreamDefaultReader<Uint8Array> }
        let bytes = 0
        for (;;) {
          const next = await reader.read()
          if (next.done) return bytes
          bytes += next.value.length
        }
      })
      expect(rest).toBeGreaterThan(64 * MIB)
      expect(upstream.journal.last.outcome).toBe('sent')
    }, 120_000)

    test('server-sent events arrive one by one as they are sent, not in a heap at the end', async () => {
      const page = await scene.open(`${site.origin}/`)
      // Each is sent only when the page has the one before: of a heap nothing would ever come.
      await page.evaluate(readStep, `${upstream.url}/v1`, 20)
      const told = () => page.evaluate(() => (globalThis as { ticks?: number[] }).ticks ?? [])
      const ticks = await eventually('all have come', told, ({ length }) => length === 20)
      expect(ticks).toEqual(Array.from({ length: 20 }, (_, at) => at))
    })

    test('aborting stops the API', async () => {
      const page = await scene.open(`${site.origin}/`)
      await startStream(page, 'ticks', `${upstream.url}/v1/clock`)
      await eventually(
        'it streams',
        () => progressOf(page, 'ticks'),
        ({ chunks }) => chunks > 2,
      )
      await abortStream(page, 'ticks')
      await eventually(
        'the API saw it',
        () => upstream.journal.last.outcome,
        (outcome) => outcome === 'cut',
      )
      expect((await progressOf(page, 'ticks')).error).toBe('AbortError')
    })

    test('aborting a call that has no answer yet stops the API', async () => {
      const page = await scene.open(`${site.origin}/`)
      await startStream(page, 'silence', `${upstream.url}/v1/never`)
      await eventually(
        'it has arrived',
        () => upstream.journal.last.target,
        (target) => target === '/v1/never',
      )
      await abortStream(page, 'silence')
      await eventually(
        'the API saw it',
        () => upstream.journal.last.outcome,
        (outcome) => outcome === 'cut',
      )
      expect((await progressOf(page, 'silence')).error).toBe('AbortError')
    })

    test('leaving the page stops the API, and a page that comes back goes on', async () => {
      const page = await scene.open(`${site.origin}/`)
      await startStream(page, 'ticks', `${upstream.url}/v1/clock`)
      await eventually(
        'it streams',
        () => progressOf(page, 'ticks'),
        ({ chunks }) => chunks > 2,
      )
      const { last } = upstream.journal
      await page.goto(`${site.originAs('localhost')}/`)
      await eventually(
        'the API saw it',
        () => last.outcome,
        (outcome) => outcome === 'cut',
      )
      await leave(page, 'back')
      const isBack = (href: string) => href === `${site.origin}/`
      await eventually('it is back', () => page.evaluate(() => location.href), isBack)
      expect(await call(page, `${upstream.url}/v1/small`)).toMatchObject({ status: 200 })
    })

    test('many calls at once all get their own answers', async () => {
      const page = await scene.open(`${site.origin}/`)
      const answers = await page.evaluate(async (url) => {
        const one = async (at: number) => (await fetch(`${url}?events=3&every=5&n=${at}`)).text()
        return await Promise.all(Array.from({ length: 12 }, (_, at) => one(at)))
      }, `${upstream.url}/v1/clock`)
      for (const answer of answers) expect(answer.match(/"tick":/g)).toHaveLength(3)
    })

    async function warmUp(page: Awaited<ReturnType<typeof scene.open>>): Promise<void> {
      await page.evaluate(async (url) => (await fetch(url)).text(), `${upstream.url}/v1/bytes?mib=8`)
    }
  },
  { grantedOrigins: SITES },
)

/** In the page: read events, and ask for the next with each that came. */
function readStep(base: string, events: number): void {
  const ticks: number[] = []
  Object.assign(globalThis, { ticks })
  const read = async () => {
    const response = await fetch(`${base}/steps?events=${events}`)
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) {
      for (const [, tick] of next.value.matchAll(/"tick":(\d+)/g)) ticks.push(Number(tick))
      void fetch(`${base}/step`)
    }
  }
  void read()
}
