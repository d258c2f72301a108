import { CHUNK_BYTES } from '../../shared/protocol/limits.ts'
import {
  blobBytes,
  blobSize,
  cancelReader,
  getOwnPropertyDescriptor,
  later,
  NativeBytes,
  NativePromise,
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
  /** In bytes, or null where it is a stream whose end is not in sight. */
  readonly length: number | null
  /** The next at most CHUNK_BYTES bytes, never empty; null at the end. Rejects with what a stream was errored with. */
  next(): Promise<Uint8Array | null>
  /** The rest is not wanted. */
  cancel(): void
}

/** Up to this many bytes a stream is read ahead to learn its length: many services refuse bodies of unknown length. */
const AHEAD_BYTES = 2 * CHUNK_BYTES

/**
 * Take the body out of a request that the platform built, as the platform serialised it. Null where it has none.
 *
 * @param given the `body` the page passed, where it is known: it says which way takes the least memory.
 */
export async function takeBody(request: Request, given: unknown): Promise<RequestBody | null> {
  const stream = requestStream(request)
  const method = requestMethod(request)
  if (stream === null || method === 'GET' || method === 'HEAD') return null
  const tag = tagOf(given)
  if (tag === '[object Blob]' || tag === '[object File]' || tag === '[object FormData]') {
    return inSlices(await requestBlob(request))
  }
  if (stream !== undefined && (given === undefined || tag === '[object ReadableStream]')) return ahead(stream)
  const bytes = new NativeBytes(await requestBytes(request))
  // Without `Request.body` no body and an empty one look alike; on the wire they are alike.
  return stream === undefined && sizeOf(bytes) === 0 ? null : whole(bytes)
}

/** The `body` member of a `RequestInit`, read without running any of the page's code; undefined where that is not possible. */
export function givenBody(init: unknown): unknown {
  if (typeof init !== 'object' || init === null) return undefined
  return getOwnPropertyDescriptor(init, 'body')?.value
}

function whole(bytes: Uint8Array): RequestBody {
  let offset = 0
  return {
    length: sizeOf(bytes),
    async next() {
      const chunk = subarray(bytes, offset, offset + CHUNK_BYTES)
      const size = sizeOf(chunk)
      offset += size
      return size === 0 ? null : chunk
    },
    cancel() {},
  }
}

function inSlices(blob: Blob): RequestBody {
  const length = blobSize(blob)
  let offset = 0
  return {
    length,
    async next() {
      if (offset >= length) return null
      const slice = sliceBlob(blob, offset, offset + CHUNK_BYTES)
      offset += blobSize(slice)
      return new NativeBytes(await blobBytes(slice))
    },
    cancel() {},
  }
}

/** A stream: known whole where its end comes at once, as it does where the platform made it from a text. */
async function ahead(stream: ReadableStream<Uint8Array>): Promise<RequestBody> {
  const reader = readerOf(stream)
  const early: Uint8Array[] = []
  let size = 0
  let pending = read(reader)
  let ended = false
  while (size < AHEAD_BYTES) {
    const result = await soon(pending)
    if (result === null) break
    ended = result.done
    if (ended || result.value === undefined) break
    early[early.length] = result.value
    size += sizeOf(result.value)
    pending = read(reader)
  }
  if (ended) return whole(concat(early, size))
  return fromReader(reader, whole(concat(early, size)), pending)
}

/** What a read brings if it brings it in this turn or the next. */
function soon<T>(promise: Promise<T>): Promise<T | null> {
  return new NativePromise((resolve, reject) => {
    later(() => resolve(null), 0)
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

function fromReader(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  early: RequestBody,
  first: Promise<ReadableStreamReadResult<Uint8Array>>,
): RequestBody {
  let pending: Promise<ReadableStreamReadResult<Uint8Array>> | null = first
  let current = early
  return {
    length: null,
    async next() {
      for (;;) {
        const chunk = await current.next()
        if (chunk !== null) return chunk
        const { done, value } = await (pending ?? read(reader))
        pending = null
        if (done || value === undefined) return null
        current = whole(value)
      }
    },
    cancel() {
      void cancelReader(reader)
    },
  }
}

/** One array of all bytes, `size` in all. */
export function concat(parts: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const bytes = new NativeBytes(size)
  let offset = 0
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] as Uint8Array
    setBytes(bytes, part, offset)
    offset += sizeOf(part)
  }
  return bytes
}
