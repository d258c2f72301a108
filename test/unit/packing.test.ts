import { randomBytes } from 'node:crypto'
import { inflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { LEAST_BYTES, Packing } from '../../native-host/transport/packing.ts'
import { CHUNK_BYTES } from '../../shared/protocol/limits.ts'

const text = Buffer.from('{"object":"list","data":[{"id":"größe"}]}\n'.repeat(8000)).subarray(0, CHUNK_BYTES)

/** As a stream treats each piece. */
const offer = (packing: Packing, piece: Buffer) => (packing.mayPay(piece) ? packing.pack(piece) : null)

test('what is packed inflates to what it was', () => {
  const packing = new Packing()
  for (const piece of [text, text.subarray(1), Buffer.alloc(CHUNK_BYTES), text.subarray(0, LEAST_BYTES)]) {
    const packed = offer(packing, piece)
    expect(packed?.bytes).toBe(piece.length)
    const deflated = Buffer.from(packed?.deflate ?? '', 'base64')
    expect(deflated.length).toBeLessThan(piece.length / 4)
    expect(inflateRawSync(deflated).equals(piece)).toBe(true)
  }
})

test('a short piece goes as it is, whatever is in it, and changes nothing for the next', () => {
  const packing = new Packing()
  for (let n = 0; n < 100; n++) expect(packing.mayPay(text.subarray(0, LEAST_BYTES - 1))).toBe(false)
  expect(offer(packing, text)).not.toBeNull()
})

test('a body of noise is tried less and less often, and never packed', () => {
  const packing = new Packing()
  const noise = randomBytes(CHUNK_BYTES)
  const tried: number[] = []
  for (let n = 0; n < 300; n++) {
    if (!packing.mayPay(noise)) continue
    tried.push(n)
    expect(packing.pack(noise)).toBeNull()
  }
  const gaps = tried.slice(1).map((at, nth) => at - (tried[nth] ?? 0))
  expect(gaps).toEqual([3, 5, 9, 17, 33, 65, 65, 65])
})

test('a piece that begins as a text and goes on as noise goes as it is', () => {
  const mixed = Buffer.concat([text.subarray(0, 8192), randomBytes(CHUNK_BYTES - 8192)])
  expect(offer(new Packing(), mixed)).toBeNull()
})

test('a body that becomes a text is packed from some piece on, and every one of it as long as that pays', () => {
  const packing = new Packing()
  const noise = randomBytes(CHUNK_BYTES)
  const kinds = [noise, text, text, text, text, noise, noise, text, text, text]
  const packed = kinds.map((piece) => offer(packing, piece) !== null)
  expect(packed).toEqual([false, false, false, true, true, false, false, false, true, true])
})
