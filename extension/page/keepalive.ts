import { asString, matches, NativeBytes, tagOf, utf8 } from './primordials.ts'
import { type RequestBody, whole } from './request-body.ts'

/** Most bytes that calls may have under way beyond their document (Fetch standard, "HTTP-network-or-cache fetch"). */
const MOST_BYTES = 65_536

let kept = 0

/** Whether a body fits beside those under way. */
export const hasRoom = ({ length }: RequestBody): boolean => length !== null && kept + length <= MOST_BYTES

/** Count a body as under way. @returns to be called when its call is over. */
export function occupy(bytes: number): () => void {
  kept += bytes
  return () => {
    kept -= bytes
    bytes = 0
  }
}

/** A body as it is at this moment; null where there is none, undefined where the platform has the bytes only later. */
export function bodyNow(given: unknown): RequestBody | null | undefined {
  if (given === undefined || given === null) return null
  const tag = tagOf(given)
  if (matches(/Blob|File|FormData|Stream/, tag)) return undefined
  if (!matches(/\d\w*Array\]$|ArrayBuffer|DataView/, tag)) return whole(utf8(asString(given)))
  const { buffer, byteOffset, byteLength } = given as Uint8Array
  // Copied: the page may write to it.
  return whole(new NativeBytes(new NativeBytes(buffer ?? given, byteOffset, byteLength)))
}
