/** Request headers of pages that may pass to any service. A trailing `*` matches a prefix. */
export const PASSED_HEADERS: readonly string[] = [
  'accept',
  'accept-language',
  'cache-control',
  'content-language',
  // Which bytes of the whole a piece is (RFC 9110 section 14.4): without it a service would take the piece for the whole.
  'content-range',
  'content-type',
  'idempotency-key',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
  'last-event-id',
  'pragma',
  'prefer',
  'range',
  // Names the page's client, never the browser: one arrives only when a page's code sets it, and some services insist on one.
  'user-agent',
  'x-request-id',
  'x-client-request-id',
  'x-stainless-*',
  'anthropic-version',
  'anthropic-beta',
  'openai-beta',
  'x-goog-api-client',
  'notion-version',
  'stripe-version',
  'x-github-api-version',
  // The version of the interface that is spoken; without it Pinecone speaks another (docs.pinecone.io/reference/api/versioning).
  'x-pinecone-api-version',
  // Resumable uploads: tus 1.0.0 (tus.io/protocols/resumable-upload) and draft-ietf-httpbis-resumable-upload.
  'tus-resumable',
  'upload-checksum',
  'upload-complete',
  'upload-concat',
  'upload-defer-length',
  'upload-draft-interop-version',
  'upload-length',
  'upload-metadata',
  'upload-offset',
  // The file's name beside a piece of it (pqina.nl/filepond/docs/api/server, "Process chunks").
  'upload-name',
  // Tools of agents: the session and version of each call after the first (modelcontextprotocol.io, "Transports").
  'mcp-protocol-version',
  'mcp-session-id',
  // How procedures are called and answered: Connect (connectrpc.com/docs/protocol), gRPC-Web (github.com/grpc/grpc,
  // PROTOCOL-WEB.md), and tRPC, which answers a batch piece by piece only where that is asked for (trpc.io, "httpBatchStreamLink").
  'connect-protocol-version',
  'connect-timeout-ms',
  'grpc-timeout',
  'trpc-accept',
  'x-grpc-web',
  // The version of git's protocol (git-scm.com/docs/protocol-v2).
  'git-protocol',
  // How Neon writes its answers, and what its transactions may do: without these one would write that was to read only.
  'neon-array-mode',
  'neon-batch-deferrable',
  'neon-batch-isolation-level',
  'neon-batch-read-only',
  'neon-raw-text-output',
  // How Upstash writes its answers, and after which write a call reads (upstash.com/docs/redis, "REST API", "Consistency").
  'upstash-encoding',
  'upstash-response-format',
  'upstash-sync-token',
]

/** Fields whose repeated lines may be joined by a comma (RFC 9110 section 5.3); any other may come once. */
export const LIST_HEADERS: ReadonlySet<string> = new Set([
  'accept',
  'accept-language',
  'anthropic-beta',
  'cache-control',
  'content-language',
  'if-match',
  'if-none-match',
  'openai-beta',
  'pragma',
  'prefer',
])

/** Headers that carry credentials somewhere. Never taken from a page, whatever the service. */
const CREDENTIAL_HEADERS: ReadonlySet<string> = new Set([
  'access-token',
  'api-key',
  'apikey',
  'authorization',
  'cookie',
  'cookie2',
  'job-token',
  'key',
  'neon-connection-string',
  'ocp-apim-subscription-key',
  'private-token',
  'proxy-authorization',
  'set-cookie',
  'token',
  'x-access-token',
  'x-amz-security-token',
  'x-api-key',
  'x-apikey',
  'x-api-token',
  'x-auth-email',
  'x-auth-key',
  'x-auth-token',
  'x-functions-key',
  'x-goog-api-key',
  'x-rapidapi-key',
  'x-subscription-token',
  'xi-api-key',
])

/** Headers that frame the message, name its target or its sender, or change its method: ours alone to set. */
const FRAMING_HEADERS: ReadonlySet<string> = new Set([
  'accept-encoding',
  'alt-used',
  'client-ip',
  'connection',
  'content-encoding',
  'content-length',
  'content-transfer-encoding',
  'date',
  'early-data',
  'expect',
  'forwarded',
  'front-end-https',
  'host',
  'http2-settings',
  'keep-alive',
  'max-forwards',
  'origin',
  // CGI makes HTTP_PROXY of it, which many clients obey (CVE-2016-5385).
  'proxy',
  'referer',
  'te',
  'trailer',
  'transfer-encoding',
  'true-client-ip',
  'upgrade',
  'via',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-host',
  'x-http-host-override',
  'x-http-method',
  'x-http-method-override',
  'x-method-override',
  'x-original-host',
  'x-original-method',
  'x-original-url',
  'x-real-ip',
  'x-remote-user',
  'x-rewrite-url',
])

/** Families of framing headers. */
const FRAMING_PREFIXES = [
  'access-control-',
  'cf-',
  'proxy-',
  'sec-',
  'valet-key-',
  'x-envoy-',
  'x-forwarded-',
]

/** True for a name that no page may set because it carries a credential. @param name lower case. */
export function isCredentialHeader(name: string): boolean {
  return CREDENTIAL_HEADERS.has(name)
}

/** True for a name that frames, routes or names the sender of a message. @param name lower case. */
export function isFramingHeader(name: string): boolean {
  return FRAMING_HEADERS.has(name) || FRAMING_PREFIXES.some((prefix) => name.startsWith(prefix))
}

/** True for a name that a list has. @param list lower-case names; a trailing `*` matches a prefix. */
export function isListed(name: string, list: readonly string[]): boolean {
  return list.some((entry) => (entry.endsWith('*') ? name.startsWith(entry.slice(0, -1)) : name === entry))
}

/** True for a header name of RFC 9110 section 5.6.2, in any case. */
export function isHeaderName(name: string): boolean {
  return /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,256}$/.test(name)
}

/** True for a value that can be sent: Latin-1 without control characters but tab (RFC 9110 section 5.5). */
export function isHeaderValue(value: string): boolean {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(value)
}
