import * as z from 'zod/mini'

/** Header names as sent: lower-case tokens (RFC 9110 section 5.6.2). */
export const HeaderName = z.string().check(z.regex(/^[!#$%&'*+\-.^`|~0-9a-z]+$/), z.maxLength(128))

/** A name of a parameter or a field, as it is before any encoding. */
const FieldName = z.string().check(z.minLength(1), z.maxLength(200))

/**
 * How a service wants its credential. One member per scheme; `secret` fields name the stored secret, not its bytes.
 * `format` and `template` hold `{}` where the secret goes. What else a scheme needs of its members is its `flaw`.
 */
export const AuthSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('bearer'), secret: z._default(z.string(), 'token') }),
  z.object({
    kind: z.literal('header'),
    headers: z
      .array(
        z.object({
          name: HeaderName,
          format: z._default(z.string(), '{}'),
          secret: z._default(z.string(), 'value'),
        }),
      )
      .check(z.minLength(1)),
  }),
  z.object({ kind: z.literal('basic'), username: z.string(), secret: z._default(z.string(), 'password') }),
  z.object({
    kind: z.literal('query'),
    param: z.string().check(z.minLength(1)),
    secret: z._default(z.string(), 'value'),
  }),
  z.object({
    kind: z.literal('json-field'),
    /** RFC 6901 pointer to a member of the top-level object or below, e.g. `/key`. */
    pointer: z.string().check(z.regex(/^(\/([^~/]|~[01])+)+$/)),
    secret: z._default(z.string(), 'value'),
  }),
  z.object({
    kind: z.literal('path'),
    /** What stands between the base URL and the path that pages ask for and rules speak of: `/bot{}`. */
    template: z.string(),
    secret: z._default(z.string(), 'value'),
  }),
  z.object({ kind: z.literal('cookie'), cookie: FieldName, secret: z._default(z.string(), 'value') }),
  z.object({ kind: z.literal('form-field'), field: FieldName, secret: z._default(z.string(), 'value') }),
])
