import * as z from 'zod/mini'
import { isOrigin } from './is-origin.ts'
import { NAME_PATTERN } from './name-pattern.ts'

/** Name the owner gives a service or a capability: see `NAME_PATTERN`. */
export const NameSchema = z.string().check(z.regex(NAME_PATTERN))

/** Random id of a stored thing (RFC 9562 version 4). */
export const IdSchema = z.uuid()

/** A tuple origin: see `isOrigin`. */
export const OriginSchema = z
  .string()
  .check(z.refine(isOrigin, 'an origin is scheme, host and port only, as in `https://example.com`'))

/** Seconds, whole, from 1 to one year. */
export const SecondsSchema = z.int().check(z.gte(1), z.lte(366 * 86_400))

/** Milliseconds since the epoch. */
export const TimestampSchema = z.int().check(z.gte(0))
