import * as z from 'zod/mini'

/** Header names as sent: lower-case tokens (RFC 9110 section 5.6.2). */
export const HeaderName = z.string().check(z.regex(/^[!#$%&'*+\-.^`|~0-9a-z]+$/), z.maxLength(128))

/** A name of a parameter or a field, as it is before any encoding. */
const FieldName = z.string().check(z.minLength(1), z.maxLength(200))

/** Algorithms that an assertion may be signed with (RFC 7518 section 3.1, RFC 8037 section 3.1). */
export const SIGNING_ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const
export type SigningAlgorithm = (typeof SIGNING_ALGORITHMS)[number]

/** A value that may be left unsaid. */
const Unsaid = z._default(z.nullable(z.string().check(z.minLength(1))), null)

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
  z.object({
    kind: z.literal('sigv4'),
    accessKeyId: z.string(),
    /** As in `us-east-1`; null: as the host name says. */
    region: z._default(z.nullable(z.string()), null),
    /** The name that is signed, as in `s3`; null: as the host name says. */
    awsService: z._default(z.nullable(z.string()), null),
    /** Whether the signature goes into headers or into the address. */
    style: z._default(z.enum(['header', 'query']), 'header'),
    secret: z._default(z.string(), 'secret-access-key'),
    /** Name of a secret that the service may have or not. */
    sessionToken: z._default(z.string(), 'session-token'),
  }),
  z.object({
    /** A token for the client itself (RFC 6749 section 4.4). */
    kind: z.literal('oauth2-client-credentials'),
    clientId: z.string().check(z.minLength(1)),
    tokenUrl: z.string(),
    scope: z._default(z.nullable(z.string()), null),
    /** Whom the token is for, where the server wants to be told (`audience`); null: not said. */
    audience: z._default(z.nullable(z.string()), null),
    /** Where the client's id and secret go (RFC 6749 section 2.3.1): into `Authorization`, or into the form. */
    clientAuth: z._default(z.enum(['basic', 'post']), 'basic'),
    secret: z._default(z.string(), 'client-secret'),
  }),
  z.object({
    /** A token got with a refresh token (RFC 6749 section 6). */
    kind: z.literal('oauth2-refresh'),
    clientId: z.string().check(z.minLength(1)),
    tokenUrl: z.string(),
    /** Where the owner signs in to get a refresh token (RFC 6749 section 3.1); absent: it is given like any other secret. */
    authorizationUrl: z.optional(z.string()),
    /** Whom the answer to a sign-in must name (RFC 9207). */
    issuer: z.optional(z.string()),
    scope: Unsaid,
    clientAuth: z._default(z.enum(['basic', 'post']), 'basic'),
    secret: z._default(z.string(), 'refresh-token'),
    /** Name of a secret that the client may have or not. */
    clientSecret: z._default(z.string(), 'client-secret'),
  }),
  z.object({
    /** A token got with a signed assertion (RFC 7523). */
    kind: z.literal('jwt-bearer'),
    issuer: z.string().check(z.minLength(1)),
    /** Null: the issuer itself. */
    subject: Unsaid,
    audience: z.string().check(z.minLength(1)),
    tokenUrl: z.string(),
    algorithm: z._default(z.enum(SIGNING_ALGORITHMS), 'RS256'),
    keyId: Unsaid,
    scope: Unsaid,
    secret: z._default(z.string(), 'private-key'),
  }),
  z.object({
    kind: z.literal('github-app'),
    /** Its number, or its client id. */
    appId: z.string().check(z.regex(/^[A-Za-z0-9._-]{1,64}$/)),
    installationId: z.string().check(z.regex(/^\d{1,20}$/)),
    secret: z._default(z.string(), 'private-key'),
  }),
  z.object({
    kind: z.literal('google-service-account'),
    scope: z.string().check(z.minLength(1)),
    /** Whose data it is for, where the account may act for others (domain-wide delegation). */
    subject: Unsaid,
    secret: z._default(z.string(), 'service-account'),
  }),
  z.object({
    kind: z.literal('hmac'),
    /** The public half of the pair; empty: none is sent. */
    keyId: z._default(z.string(), ''),
    algorithm: z._default(z.enum(['sha1', 'sha256', 'sha384', 'sha512']), 'sha256'),
    /** How the signature is written. */
    encoding: z._default(z.enum(['hex', 'base64', 'base64url']), 'hex'),
    /** What the stored secret is the text of. */
    secretEncoding: z._default(z.enum(['text', 'base64', 'hex']), 'text'),
    /** Milliseconds or seconds since the epoch, or `2026-01-02T03:04:05.678Z`. */
    timestamp: z._default(z.enum(['ms', 's', 'iso']), 'ms'),
    /** What is signed, with `{field}`s, see `hmac-template.ts` in policy/. */
    message: z._default(z.string(), '{timestamp}{method}{path}{query}{body}'),
    headers: z.array(z.object({ name: HeaderName, value: z.string() })),
    query: z.array(z.object({ name: FieldName, value: z.string() })),
    secret: z._default(z.string(), 'secret'),
    /** Name of a second secret, needed where a value holds `{passphrase}`. */
    passphrase: z._default(z.string(), 'passphrase'),
  }),
  z.object({
    kind: z.literal('oauth1'),
    consumerKey: z.string(),
    /** Null: calls are made for the consumer alone, without a token. */
    accessToken: z._default(z.nullable(z.string()), null),
    algorithm: z._default(z.enum(['HMAC-SHA1', 'HMAC-SHA256']), 'HMAC-SHA1'),
    secret: z._default(z.string(), 'consumer-secret'),
    /** Name of the token's secret. */
    tokenSecret: z._default(z.string(), 'access-token-secret'),
  }),
  z.object({
    /** A client certificate: names of the secrets it is made of, a file or two texts. */
    kind: z.literal('mtls'),
    pkcs12: z._default(z.string(), 'pkcs12'),
    certificate: z._default(z.string(), 'certificate'),
    privateKey: z._default(z.string(), 'private-key'),
    passphrase: z._default(z.string(), 'passphrase'),
  }),
  z.object({ kind: z.literal('form-field'), field: FieldName, secret: z._default(z.string(), 'value') }),
])
