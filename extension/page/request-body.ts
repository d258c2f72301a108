import { CHUNK_BYTES } from '../../shared/protocol/limits.ts'
import {
  blobBytes,
  blobSize,
  cancelReader,
  each,
  later,
  matches,
  NativeBytes,
  NativePromise,
  ownProperty,
  read,
  readerOf,
  requestBlob,
  requestBytes,
  requestMethod,
  requestStream,
  setBytes,
  sizeOf,
  sliceBlob,
  subarray,
  tagOf,
} from './primordials.ts'

/** The bytes of a request, in order. */
export interface RequestBody {
  /** All of it, where it is here already. */
  readonly bytes?: Uint8Array
  /** In bytes, or null where it is a stream whose end is not in sight. */
  readonly length: number | null
  /** The next at most CHUNK_BYTES bytes, never empty; null at the end. Rejects with what a stream was errored with. */
  next(): Promise<Uint8Array | null>
  /** The rest is not wanted. */
  giveUp(): void
}

/** Up to this many bytes a stream is read ahead to learn its length: many services refuse bodies of unknown length. */
const AHEAD_BYTES = 2 * CHUNK_BYTES

/**
 * Take the body out of a request that the platform built, as the platform serialised it. Null where it has none.
 *
 * @param given the `body` the page passed, where it is known: it says which way takes the least memory.
 */
export async function takeBody(request: Request, given: unknown): Promise<RequestBody | null> {
  const stream = requestStream?.(request)
  const method = requestMethod(request)
  if (stream === null || method === 'GET' || method === 'HEAD') return null
  const tag = tagOf(given)
  if (matches(/Blob|File|FormData/, tag)) {
    const blob = await requestBlob(request)
    return inPieces(
      blobSize(blob),
      async (from, to) => new NativeBytes(await blobBytes(sliceBlob(blob, from, to))),
    )
  }
  if (stream !== undefined && (given === undefined || matches(/Stream/, tag))) return ahead(stream)
  const bytes = new NativeBytes(await requestBytes(request))
  // Without `Request.body` no body and an empty one look alike; on the wire they are alike.
  return stream === undefined && sizeOf(bytes) === 0 ? null : whole(bytes)
}

/** The `body` member of a `RequestInit`, read without running any of the page's code; undefined where that is not possible. */
export function givenBody(init: unknown): unknown {
  return typeof init === 'object' && init !== null ? ownProperty(init, 'body')?.value : undefined
}

function inPieces(
  length: number,
  piece: (from: number, to: number) => Uint8Array | Promise<Uint8Array>,
): RequestBody {
  let offset = 0
  return {
    length,
    async next() {
      const from = offset
      offset += CHUNK_BYTES
      return from < length ? piece(from, offset) : null
    },
    giveUp() {},
  }
}

/** A body whose bytes are here. */
export const whole = (bytes: Uint8Array): RequestBody => ({
  ...inPieces(sizeOf(bytes), (from, to) => subarray(bytes, from, to)),
  bytes,
})

/** A stream: known whole where its end comes at once, as it does where the platform made it from a text. */
async function ahead(stream: ReadableStream<Uint8Array>): Promise<RequestBody> {
  const reader = readerOf(stream)
  const early: Uint8Array[] = []
  let size = 0
  let pending: Promise<ReadableStreamReadResult<Uint8Array>> | null = null
  let result: ReadableStreamReadResult<Uint8Array> | undefined
  do {
    pending = read(reader)
    result = size < AHEAD_BYTES ? await soon(pending) : undefined
    if (result?.value) {
      early[early.length] = result.value
      size += sizeOf(result.value)
    }
  } while (result?.value)
  let current = whole(concat(early, size))
  if (result) return current
  return {
    length: null,
    async next() {
      for (;;) {
        const chunk = await current.next()
        if (chunk) return chunk
        const { value } = await (pending ?? read(reader))
        pending = null
        if (!value) return null
        current = whole(value)
      }
    },
    giveUp() {
      void cancelReader(reader)
    },
  }
}

/** What a read brings if it brings it in this turn or the next; else undefined. */
function soon<T>(promise: Promise<T>): Promise<T | undefined> {
  return new NativePromise((resolve, reject) => {
    later(() => resolve(undefined), 0)
    // `await` on a native promise runs no code of the page, `then` might.
    ;(async () => {
      try {
        resolve(await promise)
      } catch (reason) {
        reject(reason)
      }
    })()
  })
}

/** One array of all bytes, `size` in all. */
export function concat(parts: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const bytes = new NativeBytes(size)
  let offset = 0
  each(parts, (part) => {
    setBytes(bytes, part, offset)
    offset += sizeOf(part)
  })
  return bytes
}
