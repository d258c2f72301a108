import { MAX_FRAME_FROM_HOST } from '../../shared/protocol/limits.ts'
import type { FrameToBackground } from '../../shared/protocol/native-frames.ts'

const HEADER = 4
const END = '"}'
const ROOM = Buffer.alloc(HEADER)
const OPENING = Buffer.from('{"type":"several","frames":[')
const COMMA = Buffer.from(',')
const CLOSING = Buffer.from(']}')

/**
 * A frame as it goes over the wire: its length in four bytes, little-endian, and its JSON.
 *
 * One buffer a frame, and for the bytes of a body no JSON in between: what is copied once more on the way is garbage,
 * of which hundreds of streams make much.
 *
 * @throws RangeError for a frame that the browser would kill the port for: a fault of ours.
 */
export function frameBytes(frame: FrameToBackground): Buffer {
  if (frame.type === 'packed') {
    const { id, bytes, deflate } = frame
    return spliced(frame, `{"type":"packed","id":${id},"bytes":${bytes},"deflate":"`, deflate)
  }
  if (frame.type === 'chunk' && frame.base64 !== undefined)
    return spliced(frame, `{"type":"chunk","id":${frame.id},"base64":"`, frame.base64)
  const text = JSON.stringify(frame)
  const bytes = sized(frame, Buffer.byteLength(text))
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

// The alphabet of base64 needs no escaping in JSON.
function spliced(frame: FrameToBackground, begin: string, base64: string): Buffer {
  const bytes = sized(frame, begin.length + base64.length + END.length)
  bytes.write(begin, HEADER, 'latin1')
  bytes.write(base64, HEADER + begin.length, 'latin1')
  bytes.write(END, HEADER + begin.length + base64.length, 'latin1')
  return bytes
}

function sized(frame: FrameToBackground, length: number): Buffer {
  if (length > MAX_FRAME_FROM_HOST) throw new RangeError(`a ${frame.type} frame above the limit`)
  const bytes = Buffer.allocUnsafe(HEADER + length)
  bytes.writeUInt32LE(length, 0)
  return bytes
}
