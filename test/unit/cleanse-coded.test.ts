import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { cleanse } from '../../native-host/broker/cleanse.ts'
import type { UpstreamResponse } from '../../native-host/upstream/send.ts'
import { done, times } from '../support/hard.ts'
import { KEY } from './auth-fixture.ts'

const CODINGS = { gzip: gzipSync, br: brotliCompressSync, zstd: zstdCompressSync, deflate: deflateSync }
const request = { method: 'GET', url: '', origin: '', path: '/', query: [], headers: [] }
const BROKEN = expect.objectContaining({ code: 'response-withheld', reason: 'coding-broken' })

async function read(coding: string, chunks: readonly Uint8Array[]): Promise<string> {
  async function* body() {
    yield* chunks
  }
  const headers: [string, string][] = [['content-encoding', coding]]
  const response: UpstreamResponse = {
    status: 200,
    statusText: 'OK',
    headers,
    body: body(),
    destroy: () => {},
  }
  let text = ''
  for await (const chunk of cleanse(response, [{ bytes: Buffer.from(KEY), pieces: true }], request).body) {
    text += Buffer.from(chunk).toString('latin1')
  }
  return text
}

test('a key in a coded body goes, wherever the coded bytes are cut', async () => {
  const forms = [KEY, Buffer.from(KEY).toString('base64'), encodeURIComponent(KEY), KEY.slice(2, 18)]
  let cases = 0
  for (const [coding, code] of Object.entries(CODINGS)) {
    for (const form of forms) {
      const coded = code(Buffer.from(`data: ${form} ~\n\n`))
      const plain = await read(coding, [coded])
      expect(plain).toMatch(/^data: \[redacted\]=* ~\n\n$/)
      for (let first = 0; first <= coded.length; first += times(3, 1)) {
        for (let second = first; second <= coded.length; second += times(19, 4)) {
          const parts = [coded.subarray(0, first), coded.subarray(first, second), coded.subarray(second)]
          expect(await read(coding, parts)).toBe(plain)
          cases++
        }
      }
    }
  }
  done('reflections in gzip, br, zstd and deflate bodies, cut in two and three', cases)
})

test.each(Object.entries(CODINGS))(
  'what stands behind the end of a %s body cuts it',
  async (coding, code) => {
    const coded = code(Buffer.from('a whole body'))
    for (const behind of [Buffer.from([7]), Buffer.alloc(9), Buffer.from(`<${KEY}>`)]) {
      await expect(read(coding, [Buffer.concat([coded, behind])])).rejects.toThrow(BROKEN)
      await expect(read(coding, [coded, behind])).rejects.toThrow(BROKEN)
    }
  },
)

test('members one behind the other are one body where the coding says so (RFC 1952, RFC 8878), else they cut it', async () => {
  for (const coding of ['gzip', 'zstd'] as const) {
    const coded = CODINGS[coding](Buffer.from(`${KEY.slice(0, 10)}`))
    const rest = CODINGS[coding](Buffer.from(`${KEY.slice(10)}~`))
    expect(await read(coding, [coded, rest])).toBe('[redacted]~')
    expect(await read(coding, [Buffer.concat([coded, rest])])).toBe('[redacted]~')
  }
  for (const coding of ['br', 'deflate'] as const) {
    const coded = CODINGS[coding](Buffer.from('one'))
    await expect(read(coding, [coded, coded])).rejects.toThrow(BROKEN)
  }
})

test('a coded body cut anywhere is an error at its end, never an end', async () => {
  let cases = 0
  for (const [coding, code] of Object.entries(CODINGS)) {
    const coded = code(Buffer.from(`{"text":"${'a whole body, '.repeat(9)}"}`))
    for (let length = 1; length < coded.length; length++) {
      await expect(read(coding, [coded.subarray(0, length)])).rejects.toThrow(BROKEN)
      cases++
    }
  }
  expect(cases).toBeGreaterThan(100)
  done('coded bodies cut short that ended in an error', cases)
})

test('a changed byte that a checksum covers is an error', async () => {
  for (const coding of ['gzip', 'deflate'] as const) {
    const coded = CODINGS[coding](Buffer.from('a whole body, '.repeat(9)))
    for (const back of [1, 2, 3, 4]) {
      const changed = Buffer.from(coded)
      // The last four bytes of gzip are the length, those before it the checksum.
      const at = changed.length - back - (coding === 'gzip' ? 4 : 0)
      changed[at] = (changed[at] ?? 0) ^ 0x10
      await expect(read(coding, [changed])).rejects.toThrow(BROKEN)
    }
  }
})

test('the error of a body that cannot be decoded says nothing of what is in it', async () => {
  const changed = Buffer.from(gzipSync(Buffer.from(`${KEY} `.repeat(50))))
  changed[20] = (changed[20] ?? 0) ^ 0xff
  for (const body of [changed, Buffer.from(`not gzip: ${KEY}`)]) {
    const problem = await read('gzip', [body]).catch((error: unknown) => error)
    expect(problem).toEqual(BROKEN)
    const said =
      problem instanceof Error
        ? `${problem.message}${problem.stack}${JSON.stringify(problem)}${problem.cause}`
        : ''
    expect(said).not.toContain(KEY.slice(0, 8))
  }
})

test('a bomb is read with little memory, and cut', async () => {
  const bomb = brotliCompressSync(Buffer.alloc(100_000_000), { params: { 1: 5 } })
  expect(bomb.length).toBeLessThan(200)
  const before = process.memoryUsage().rss
  let most = 0
  async function* body() {
    yield bomb
  }
  const headers: [string, string][] = [['content-encoding', 'br']]
  const response: UpstreamResponse = {
    status: 200,
    statusText: 'OK',
    headers,
    body: body(),
    destroy: () => {},
  }
  const readAll = async () => {
    for await (const _ of cleanse(response, [{ bytes: Buffer.from(KEY), pieces: true }], request).body) {
      most = Math.max(most, process.memoryUsage().rss - before)
    }
  }
  await expect(readAll()).rejects.toThrow(expect.objectContaining({ reason: 'decoded-too-large' }))
  expect(most).toBeLessThan(100_000_000)
})
