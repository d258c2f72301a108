import { deflateRawSync } from 'node:zlib'
import { expect, test, vi } from 'vitest'
import { unpacking } from '../../extension/content/unpacking.ts'
import type { PackedFrame } from '../../shared/protocol/call-frames.ts'
import type { UnpackedFrame } from '../../shared/protocol/page-frames.ts'
import { chunkBytes } from '../support/chunk-bytes.ts'

const packed = (id: number, text: string, bytes = Buffer.byteLength(text)): PackedFrame => ({
  type: 'packed',
  id,
  bytes,
  deflate: deflateRawSync(Buffer.from(text)).toString('base64'),
})

function page() {
  const given: string[] = []
  const spoilt: number[] = []
  const give = (frame: UnpackedFrame) => {
    const text = frame.type === 'chunk' ? chunkBytes(frame).toString() : ''
    given.push(`${frame.type} ${frame.id} ${text}`.trim())
  }
  return { given, spoilt, take: unpacking(give, (id) => spoilt.push(id)) }
}

test('chunks, packed or not, and the end of a call keep their order', async () => {
  const { given, take } = page()
  const long = 'long '.repeat(20_000)
  take(packed(1, long))
  take({ type: 'chunk', id: 1, text: 'plain' })
  take(packed(1, 'short'))
  take({ type: 'end', id: 1 })
  await vi.waitFor(() => expect(given).toHaveLength(4), { timeout: 30_000 })
  expect(given).toEqual([`chunk 1 ${long}`.trim(), 'chunk 1 plain', 'chunk 1 short', 'end 1'])
})

test('what is not packed is given at once where nothing before it is: nothing waits for a turn', () => {
  const { given, take } = page()
  take({ type: 'chunk', id: 1, text: 'a' })
  take({ type: 'end', id: 1 })
  expect(given).toEqual(['chunk 1 a', 'end 1'])
})

test('a call does not wait for another, and a cut, a problem or credit for nobody', async () => {
  const { given, take } = page()
  for (const id of [1, 2, 3]) take(packed(id, 'x'.repeat(100_000)))
  take({ type: 'cut', id: 1, code: 'session-ended' })
  take({ type: 'credit', id: 2, bytes: 5 })
  take({ type: 'problem', id: 3, code: 'internal' })
  take({ type: 'chunk', id: 4, text: 'a' })
  expect(given).toEqual(['cut 1', 'credit 2', 'problem 3', 'chunk 4 a'])
  await vi.waitFor(() => expect(given).toHaveLength(7), { timeout: 30_000 })
})

test('once all is unpacked, frames go by at once again', async () => {
  const { given, take } = page()
  take(packed(1, 'a'))
  await vi.waitFor(() => expect(given).toEqual(['chunk 1 a']), { timeout: 30_000 })
  await Promise.resolve()
  take({ type: 'chunk', id: 1, text: 'b' })
  await vi.waitFor(() => expect(given).toEqual(['chunk 1 a', 'chunk 1 b']), { timeout: 30_000 })
})

test.each([
  ['more bytes than it said', packed(1, 'x'.repeat(100_000), 99_999)],
  ['a thousand times as many', packed(1, 'x'.repeat(1_000_000), 1000)],
  ['fewer', packed(1, 'abc', 4)],
  ['no deflate', { ...packed(1, 'abc'), deflate: Buffer.from('not deflated').toString('base64') }],
  [
    'a deflate without its end',
    { ...packed(1, 'abc'), deflate: deflateRawSync(Buffer.from('abc')).subarray(0, 3).toString('base64') },
  ],
  [
    'something behind its end',
    {
      ...packed(1, 'abc'),
      deflate: Buffer.concat([deflateRawSync(Buffer.from('abc')), Buffer.from('more')]).toString('base64'),
    },
  ],
  ['no base64', { ...packed(1, 'abc'), deflate: '!!!!' }],
])('a packed frame that holds %s gives nothing and spoils its call', async (_what, frame) => {
  const { given, spoilt, take } = page()
  take(frame)
  take(packed(2, 'another'))
  await vi.waitFor(() => expect([spoilt, given]).toEqual([[1], ['chunk 2 another']]), { timeout: 30_000 })
})
