import { pipeline } from 'node:stream'
import {
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from 'node:zlib'
import { Problem } from '../problem.ts'

/** Codings of RFC 9110 section 8.4.1, RFC 7932 and RFC 8878 that a response may come in. */
export type Coding = 'gzip' | 'br' | 'zstd' | 'deflate'

/** How much a coded body may grow. Decoding holds little memory whatever the size; this bounds what a bomb delivers. */
export interface DecodeLimits {
  /** Decoded bytes that need no justification. */
  readonly free: number
  /** Decoded bytes allowed beyond that per coded byte. Text and logs stay below 50; a bomb has 1,000 (gzip) to 600,000. */
  readonly ratio: number
}

/** The limits for every response. */
export const DECODE_LIMITS: DecodeLimits = { free: 32 * 1024 * 1024, ratio: 200 }

const CHUNK = 64 * 1024

/**
 * The one coding of a body; null for none.
 *
 * @throws Problem `response-withheld`: more than one coding, or one that cannot be looked into.
 */
export function codingOf(headers: readonly (readonly [name: string, value: string])[]): Coding | null {
  const named = headers
    .filter(([name]) => name === 'content-encoding')
    .flatMap(([, value]) => value.split(','))
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== '' && coding !== 'identity')
  // SECURITY: each coding multiplies what a bomb gives, and what is not decoded is not redacted.
  if (named.length > 1) throw new Problem('response-withheld', 'coding-chain')
  const coding = named[0] === 'x-gzip' ? 'gzip' : named[0]
  if (coding === undefined) return null
  if (coding !== 'gzip' && coding !== 'br' && coding !== 'zstd' && coding !== 'deflate') {
    throw new Problem('response-withheld', 'coding-unknown')
  }
  return coding
}

/**
 * A body decoded as it arrives: what a chunk holds comes out before the next chunk is asked for.
 *
 * Fails with Problem `response-withheld` (`coding-broken`, also for a body cut short; `decoded-too-large`) or with what
 * the coded body failed with.
 */
export async function* decoded(
  body: AsyncIterable<Uint8Array>,
  coding: Coding,
  limits: DecodeLimits = DECODE_LIMITS,
): AsyncGenerator<Uint8Array> {
  const chunks = body[Symbol.asyncIterator]()
  const first = await firstBytes(chunks)
  // A response without a byte is an empty body in every coding: servers send it, browsers take it.
  if (first === null) return
  let coded = 0
  let plain = 0
  const decoder = decoderFor(coding, first)
  const source = counted(first, chunks, (bytes) => {
    coded += bytes
  })
  pipeline(source, decoder, () => {})
  try {
    for await (const chunk of decoder) {
      plain += (chunk as Uint8Array).length
      if (plain > limits.free + coded * limits.ratio)
        throw new Problem('response-withheld', 'decoded-too-large')
      yield chunk as Uint8Array
    }
    // What stands behind the end of a coding is read by some and dropped by others: it was not looked into.
    if (decoder.bytesWritten < coded) throw new Problem('response-withheld', 'coding-broken')
  } catch (error) {
    throw isCodingError(error) ? new Problem('response-withheld', 'coding-broken') : error
  }
}

async function firstBytes(chunks: AsyncIterator<Uint8Array>): Promise<Uint8Array | null> {
  for (;;) {
    const { done, value } = await chunks.next()
    if (done === true) return null
    if (value.length > 0) return value
  }
}

async function* counted(
  first: Uint8Array,
  chunks: AsyncIterator<Uint8Array>,
  count: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  try {
    let chunk = first
    for (;;) {
      count(chunk.length)
      yield chunk
      const { done, value } = await chunks.next()
      if (done === true) return
      chunk = value
    }
  } finally {
    await chunks.return?.()
  }
}

function decoderFor(coding: Coding, first: Uint8Array) {
  const options = { chunkSize: CHUNK }
  if (coding === 'gzip') return createGunzip(options)
  if (coding === 'br') return createBrotliDecompress(options)
  if (coding === 'zstd') return createZstdDecompress(options)
  // `deflate` means zlib (RFC 9110 section 8.4.1.2); some servers send it bare. A zlib header's low nibble is 8 (RFC 1950).
  return ((first[0] ?? 0) & 0x0f) === 8 ? createInflate(options) : createInflateRaw(options)
}

function isCodingError(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return /^(Z_|ERR_|ZSTD_)/.test(code) && !(error instanceof Problem)
}
