import { MAX_FRAME_FROM_HOST } from '../../shared/protocol/limits.ts'
import type { FrameToBackground } from '../../shared/protocol/native-frames.ts'

const HEADER = 4
const END = '"}'

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
