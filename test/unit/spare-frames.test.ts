import { randomBytes } from 'node:crypto'
import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { frameBytes } from '../../native-host/transport/frame-bytes.ts'
import { FrameReader } from '../../native-host/transport/frame-reader.ts'
import { Outlet } from '../../native-host/transport/outlet.ts'
import { SpareFrames } from '../../native-host/transport/spare-frames.ts'
import { CHUNK_BYTES } from '../../shared/protocol/limits.ts'

const PIECE = 64 * 1024

/** A pipe: it is done with what it was given when it says so, one at a time, and what stands there is then another's. */
function pipe() {
  const come: Buffer[] = []
  const memories = new Set<unknown>()
  const taken: (() => void)[] = []
  const stream = new Writable({
    highWaterMark: PIECE,
    write(bytes: Buffer, _encoding, done) {
      memories.add(bytes.buffer)
      taken.push(() => {
        come.push(Buffer.from(bytes))
        done()
      })
    },
  })
  return { stream, come, memories, take: () => taken.shift()?.() }
}

/** So much of each that a failure can be read. */
const endOf = (base64: string) => `${base64.length} ${base64.slice(0, 20)} ${base64.slice(-20)}`
const sameAs = (base64: string, raw: Buffer | undefined) => base64 === raw?.toString('base64')

test('bodies that are read go through the memory of a few frames, each of them whole and its own', async () => {
  const { stream, come, memories, take } = pipe()
  const outlet = new Outlet(stream, new SpareFrames())
  // Also shorter ones, in the memory of longer ones.
  const pieces = Array.from({ length: 60 }, (_, nth) => randomBytes(PIECE - (nth % 7) * 1001))
  for (let sent = 0; sent < pieces.length; sent++) {
    outlet.send({ type: 'chunk', id: 1, raw: pieces[sent] as Buffer })
    // The browser is two behind.
    if (sent >= 2) take()
    await new Promise((resolve) => setImmediate(resolve))
  }
  for (let left = 0; left < 10; left++) {
    take()
    await new Promise((resolve) => setImmediate(resolve))
  }
  const reader = new FrameReader()
  const frames = come.flatMap((bytes) => [...reader.push(bytes)])
  const sent = frames.map((frame) => (frame as { base64: string }).base64)
  expect(sent.map(endOf)).toEqual(pieces.map((piece) => endOf(piece.toString('base64'))))
  expect(sent.every((base64, nth) => sameAs(base64, pieces[nth]))).toBe(true)
  expect(memories.size).toBeLessThanOrEqual(6)
})

test('memory given back twice is two frames\u2019 never, and only that of frames of one length is kept', () => {
  const spare = new SpareFrames()
  const frame = frameBytes({ type: 'chunk', id: 1, raw: randomBytes(PIECE) }, spare)
  spare.give(frame)
  spare.give(frame)
  const [one, other] = [spare.take(frame.length), spare.take(frame.length)]
  expect(one?.buffer).toBe(frame.buffer)
  expect(other?.buffer).not.toBe(frame.buffer)
  expect(spare.take(1000)).toBe(null)
  expect(spare.take(2 * PIECE)).toBe(null)
})

test.each([0, 1, 2, 3, 12 * 1024 - 1, 12 * 1024, 12 * 1024 + 1, PIECE, CHUNK_BYTES])(
  'a chunk of %i bytes is encoded as one, however much of it at a time',
  (length) => {
    const raw = randomBytes(length)
    const dirty = new SpareFrames()
    dirty.give(frameBytes({ type: 'chunk', id: 1, raw: randomBytes(PIECE) }, dirty))
    const [frame] = [...new FrameReader().push(frameBytes({ type: 'chunk', id: 12, raw }, dirty))]
    const { base64, ...rest } = frame as { base64: string }
    expect(rest).toEqual({ type: 'chunk', id: 12 })
    expect(sameAs(base64, raw)).toBe(true)
  },
)
