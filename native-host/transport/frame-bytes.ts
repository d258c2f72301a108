import { MAX_FRAME_FROM_HOST } from '../../shared/protocol/limits.ts'
import type { FrameToBackground } from '../../shared/protocol/native-frames.ts'
import type { SpareFrames } from './spare-frames.ts'

const HEADER = 4
const END = '"}'
const ROOM = Buffer.alloc(HEADER)
const OPENING = Buffer.from('{"type":"several","frames":[')
const COMMA = Buffer.from(',')
const CLOSING = Buffer.from(']}')

/**
 * Bytes that are made base64 at a time: a multiple of three. Of longer ones the runtime makes a text whose memory the system maps
 * and clears each time (`MALLOC` in `install/launcher.ts`), which takes longer than the encoding.
 */
const ENCODED_BYTES = 12 * 1024

/** A `chunk` frame before its bytes are base64: they are encoded where they go. */
export interface RawChunk {
  readonly type: 'chunk'
  readonly id: number
  readonly raw: Buffer
}
/** What the host sends. */
export type SentFrame = FrameToBackground | RawChunk

/**
 * A frame as it goes over the wire: its length in four bytes, little-endian, and its JSON.
 *
 * One buffer a frame, and for the bytes of a body no JSON in between: what is copied once more on the way is garbage,
 * of which hundreds of streams make much.
 *
 * @param spare where room for a frame is taken from; what was there is not cleared, but written over.
 * @throws RangeError for a frame that the browser would kill the port for: a fault of ours.
 */
export function frameBytes(frame: SentFrame, spare?: SpareFrames): Buffer {
  if ('raw' in frame) return encoded(frame, spare)
  if (frame.type === 'packed') {
    const { id, bytes, deflate } = frame
    return spliced(frame, `{"type":"packed","id":${id},"bytes":${bytes},"deflate":"`, deflate)
  }
  const text = JSON.stringify(frame)
  const bytes = sized(frame.type, Buffer.byteLength(text))
  bytes.write(text, HEADER)
  return bytes
}

/**
 * The one message that several frames go in, see `shared/protocol/several.ts`; of a single one, itself.
 *
 * @param frames as `frameBytes` made them, at least one.
 */
export function severalBytes(frames: readonly Buffer[]): Buffer {
  const [first] = frames
  if (frames.length === 1 && first !== undefined) return first
  const parts = frames.flatMap((frame, at) => [at === 0 ? OPENING : COMMA, frame.subarray(HEADER)])
  const message = Buffer.concat([ROOM, ...parts, CLOSING])
  message.writeUInt32LE(message.length - HEADER, 0)
  return message
}

function encoded({ id, raw }: RawChunk, spare?: SpareFrames): Buffer {
  const begin = `{"type":"chunk","id":${id},"base64":"`
  const length = begin.length + Math.ceil(raw.length / 3) * 4 + END.length
  const bytes = sized('chunk', length, spare)
  let at = HEADER + bytes.write(begin, HEADER, 'latin1')
  for (let from = 0; from < raw.length; from += ENCODED_BYTES)
    at += bytes.write(raw.toString('base64', from, from + ENCODED_BYTES), at, 'latin1')
  at += bytes.write(END, at, 'latin1')
  // SECURITY: what is not written over is of another frame, perhaps another site's.
  if (at !== bytes.length) throw new RangeError('a chunk frame of another length than was reckoned')
  return bytes
}

// The alphabet of base64 needs no escaping in JSON.
function spliced(frame: FrameToBackground, begin: string, base64: string): Buffer {
  const bytes = sized(frame.type, begin.length + base64.length + END.length)
  bytes.write(begin, HEADER, 'latin1')
  bytes.write(base64, HEADER + begin.length, 'latin1')
  bytes.write(END, HEADER + begin.length + base64.length, 'latin1')
  return bytes
}

function sized(type: FrameToBackground['type'], length: number, spare?: SpareFrames): Buffer {
  if (length > MAX_FRAME_FROM_HOST) throw new RangeError(`a ${type} frame above the limit`)
  const bytes = spare?.take(HEADER + length) ?? Buffer.allocUnsafe(HEADER + length)
  bytes.writeUInt32LE(length, 0)
  return bytes
}
