import {
  CHUNK_BYTES,
  MAX_HEADER_VALUE,
  MAX_HEADERS,
  MAX_HEADERS_TEXT,
  MAX_URL,
  WINDOW_BYTES,
} from '../../shared/protocol/limits.ts'
import type { CallFrameToContent } from '../../shared/protocol/page-frames.ts'

type Fields = Record<string, unknown>

const isNumber = (value: unknown, least: number, most = Number.MAX_SAFE_INTEGER): value is number =>
  Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most

const isText = (value: unknown, least: number, most: number): value is string =>
  typeof value === 'string' && value.length >= least && value.length <= most

const isHeaderPair = (pair: unknown): boolean =>
  Array.isArray(pair) && pair.length === 2 && isText(pair[0], 0, 256) && isText(pair[1], 0, MAX_HEADER_VALUE)

const lengthOf = (pairs: [string, string][]): number =>
  pairs.reduce((length, [name, value]) => length + name.length + value.length, 0)

const CACHE_MODE = /^(?:default|no-store|reload|no-cache|force-cache)$/

const isAsk = (frame: Fields): boolean =>
  isText(frame.method, 1, 32) &&
  isText(frame.url, 1, MAX_URL) &&
  Array.isArray(frame.headers) &&
  frame.headers.length <= MAX_HEADERS &&
  frame.headers.every(isHeaderPair) &&
  lengthOf(frame.headers) <= MAX_HEADERS_TEXT &&
  typeof frame.hasBody === 'boolean' &&
  (frame.bodyLength === null || isNumber(frame.bodyLength, 0)) &&
  isText(frame.integrity, 0, MAX_HEADER_VALUE) &&
  isText(frame.cache, 6, 11) &&
  CACHE_MODE.test(frame.cache) &&
  ['follow', 'manual', 'error', 'own'].includes(frame.redirect as string)

/** What each frame holds beside `type` and `id`, and the check of it. */
const SHAPES: Record<CallFrameToContent['type'], [fields: number, check: (frame: Fields) => boolean]> = {
  ask: [8, isAsk],
  body: [1, (frame) => isText(frame.base64, 4, Math.ceil(CHUNK_BYTES / 3) * 4)],
  'body-end': [0, () => true],
  credit: [1, (frame) => isNumber(frame.bytes, 1, WINDOW_BYTES)],
  cancel: [0, () => true],
}

/**
 * A frame from the page's script, checked by hand to the letter of `CallFrameToHostSchema` (and `integrity`, which stays here): the schema library would be
 * ten times this script. Null for everything else.
 */
export function readPageFrame(value: unknown): CallFrameToContent | null {
  if (idOf(value) === null) return null
  const frame = value as Fields
  if (typeof frame.type !== 'string' || !Object.hasOwn(SHAPES, frame.type)) return null
  const [fields, check] = SHAPES[frame.type as CallFrameToContent['type']]
  const more = frame.type === 'ask' && frame.keepalive === true ? 1 : 0
  return Object.keys(frame).length === fields + 2 + more && check(frame)
    ? (value as CallFrameToContent)
    : null
}

/** The id of a frame that is no good, where it has one: whoever waits for an answer gets a refusal. */
export function idOf(value: unknown): number | null {
  const id: unknown = (value as Fields | null)?.id
  return isNumber(id, 1) ? id : null
}
