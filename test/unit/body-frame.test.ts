import { PassThrough } from 'node:stream'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Door } from '../../native-host/owner/door.ts'
import { BodyPiece, readBodyPiece } from '../../native-host/transport/body-frame.ts'
import { Connection } from '../../native-host/transport/connection.ts'
import { BrokenWire, FrameReader } from '../../native-host/transport/frame-reader.ts'
import { Outlet } from '../../native-host/transport/outlet.ts'
import { FrameToHostSchema } from '../../shared/protocol/frame-to-host.ts'
import { CHUNK_BYTES } from '../../shared/protocol/limits.ts'

/** The long way: the parser, the schema, the decoder. Null where one of them refuses, or where it is no piece of body. */
function slowly(text: string | Buffer): BodyPiece | null {
  try {
    const frame = FrameToHostSchema.parse(
      JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(text))),
    )
    return frame.type === 'body' ? new BodyPiece(frame.id, Buffer.from(frame.base64, 'base64')) : null
  } catch {
    return null
  }
}
const written = (id: number, base64: string) => JSON.stringify({ type: 'body', id, base64 })
const read = (text: string | Buffer) => readBodyPiece(Buffer.from(text))
const framed = (text: string) => {
  const body = Buffer.from(text)
  const header = Buffer.alloc(4)
  header.writeUInt32LE(body.length)
  return Buffer.concat([header, body])
}

test('what background/ writes is read the short way, whatever its bytes are', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 300 }),
      fc.integer({ min: 1, max: 1e15 - 1 }),
      (bytes, id) => {
        const text = written(id, Buffer.from(bytes).toString('base64'))
        expect(read(text)).toEqual(new BodyPiece(id, Buffer.from(bytes)))
        expect(slowly(text)).toEqual(read(text))
      },
    ),
  )
  const chunk = Buffer.alloc(CHUNK_BYTES, 0xa7)
  expect(read(written(7, chunk.toString('base64')))?.bytes.equals(chunk)).toBe(true)
})

const good = written(7, 'YWJjZA==')
const others: readonly (readonly [what: string, text: string | Buffer])[] = [
  ['another type', good.replace('body"', 'bodies"')],
  ['another order of its members', '{"id":7,"type":"body","base64":"YWJjZA=="}'],
  ['a space', good.replace(':7', ': 7')],
  ['a member more', good.replace('}', ',"id":8}')],
  ['two members of one name', good.replace('}', ',"base64":"AAAA"}')],
  ['an escape', good.replace('YWJj', '\\u0059WJj')],
  ['a quote inside', good.replace('YWJj', 'YW"j')],
  ['a line break inside, which JSON forbids', good.replace('YWJj', 'YWJj\n\n\n\n')],
  ['a NUL inside', good.replace('YWJj', 'YW\0j')],
  ['what is not ASCII', Buffer.from(good.replace('YWJj', 'YW\xfcj'), 'latin1')],
  ['padding in the middle', good.replace('YWJjZA==', 'YW==YWJj')],
  ['three paddings', good.replace('YWJjZA==', 'YWJjZ===')],
  ['no bytes', written(7, '')],
  ['padding alone', written(7, '====')],
  ['base64 without its padding', written(7, 'YWJjZA')],
  ['more than a chunk', written(7, 'A'.repeat(Math.ceil(CHUNK_BYTES / 3) * 4 + 4))],
  ['the id 0', good.replace(':7', ':0')],
  ['an id with a zero before it', good.replace(':7', ':07')],
  ['an id below zero', good.replace(':7', ':-7')],
  ['an id with a fraction', good.replace(':7', ':7.5')],
  ['an id that is no safe integer', good.replace(':7', ':9007199254740993')],
  ['no id', good.replace(':7', ':')],
  ['its beginning alone', '{"type":"body","id":7'],
  ['its end missing', good.slice(0, -1)],
]
test.each(others)('a frame with %s is left to the parser', (_, text) => {
  expect(read(text)).toBeNull()
})

test('whatever one byte becomes, the short way reads it as the long one does, or leaves it to that', () => {
  fc.assert(
    fc.property(fc.nat(good.length - 1), fc.nat(255), fc.nat(3), (at, byte, more) => {
      const text = Buffer.concat([
        Buffer.from(good).subarray(0, at),
        Buffer.alloc(more, byte),
        Buffer.from(good).subarray(at + 1),
      ])
      const short = read(text)
      if (short !== null) expect(slowly(text)).toEqual(short)
    }),
    { numRuns: 1000 },
  )
})

test('the wire gives pieces of body as pieces, however its bytes were cut, and keeps nothing of one in the next', () => {
  const pieces = [200_000, 60_000, 3].map((size, nth) => Buffer.alloc(Math.min(size, CHUNK_BYTES), nth + 65))
  const bytes = Buffer.concat([
    ...pieces.map((piece, nth) => framed(written(nth + 1, piece.toString('base64')))),
    framed('{"type":"body-end","id":1}'),
  ])
  for (const size of [1000, 4096, 65_536, bytes.length]) {
    const reader = new FrameReader()
    const frames: object[] = []
    for (let at = 0; at < bytes.length; at += size) frames.push(...reader.push(bytes.subarray(at, at + size)))
    expect(frames).toEqual([
      ...pieces.map((piece, nth) => new BodyPiece(nth + 1, piece)),
      { type: 'body-end', id: 1 },
    ])
    expect(reader.betweenFrames).toBe(true)
  }
})

test('what the parser refuses still closes the wire', () => {
  expect(() => [...new FrameReader().push(framed(good.replace('YWJj', 'YW\nj')))]).toThrow(BrokenWire)
})

test('a piece of body before `hello` closes the wire, like every other frame', async () => {
  // Refused before anything of the owner's is looked at.
  const connection = new Connection(new Outlet(new PassThrough()), {} as Door, () => {})
  await expect(connection.receive(new BodyPiece(7, Buffer.from('abcd')))).rejects.toThrow(BrokenWire)
})
