import { inflateRawSync } from 'node:zlib'

/** A frame that may hold bytes of a body. */
export interface ChunkLike {
  readonly type: string
  readonly text?: string | undefined
  readonly base64?: string | undefined
  readonly deflate?: string
}

const NONE = Buffer.alloc(0)

/** The bytes of a body that a frame from the host holds, as text, in base64 or packed; none where it is another frame. */
export function chunkBytes({ type, text, base64, deflate }: ChunkLike): Buffer {
  if (type === 'packed') return inflateRawSync(Buffer.from(deflate ?? '', 'base64'))
  if (type !== 'chunk') return NONE
  return text === undefined ? Buffer.from(base64 ?? '', 'base64') : Buffer.from(text)
}
