import { expect, test } from 'vitest'
import { BrokenWire, FrameReader } from '../../native-host/transport/frame-reader.ts'
import { MAX_FRAME_TO_HOST } from '../../shared/protocol/limits.ts'
import vectors from '../vectors/native-frames.json' with { type: 'json' }

const header = (length: number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(length)
  return bytes
}
const frame = (text: string) => Buffer.concat([header(Buffer.byteLength(text)), Buffer.from(text)])

function bytesOf(vector: string): Buffer | null {
  if (vector.startsWith('hex:')) return Buffer.from(vector.slice(4).replaceAll(' ', ''), 'hex')
  return vector.startsWith('frame:') ? frame(vector.slice(6)) : null
}

for (const [given, verdict] of vectors.cases as [string, string][]) {
  const bytes = bytesOf(given)
  if (bytes === null) continue
  test(`the wire ${verdict === 'wait' ? 'waits for more after' : 'is closed by'} ${given}`, () => {
    const reader = new FrameReader()
    const read = () => [...reader.push(bytes)]
    if (verdict === 'wait') {
      expect(read()).toEqual([])
      expect(reader.betweenFrames).toBe(false)
    } else expect(read).toThrow(BrokenWire)
  })
}

test('a frame arrives whole however its bytes were cut', () => {
  const value = { type: 'ask', text: 'grüße 🚗', list: [1, 2, 3] }
  const bytes = Buffer.concat([frame(JSON.stringify(value)), frame('{}'), frame(JSON.stringify(value))])
  for (let size = 1; size <= bytes.length; size++) {
    const reader = new FrameReader()
    const frames: object[] = []
    for (let at = 0; at < bytes.length; at += size) frames.push(...reader.push(bytes.subarray(at, at + size)))
    expect(frames).toEqual([value, {}, value])
    expect(reader.betweenFrames).toBe(true)
  }
})

test('a length one above the limit closes the wire before the body arrives', () => {
  expect(() => [...new FrameReader().push(header(MAX_FRAME_TO_HOST + 1))]).toThrow(BrokenWire)
  expect([...new FrameReader().push(header(MAX_FRAME_TO_HOST))]).toEqual([])
})

test('the message about a frame that is not JSON quotes nothing of it', () => {
  const read = () => [...new FrameReader().push(frame('{"key": sk-secret'))]
  expect(read).toThrow(BrokenWire)
  try {
    read()
  } catch (broken) {
    expect(JSON.stringify(broken, Object.getOwnPropertyNames(broken))).not.toContain('sk-secret')
  }
})
