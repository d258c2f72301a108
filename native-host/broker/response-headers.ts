import { mayBeExposed } from '../policy/exposed-headers.ts'
import { isListed } from '../policy/header-names.ts'

/** Response headers a page may read: what describes the body, paging, caching, quotas and support ids. */
const EXACT = new Set([
  'accept-ranges',
  'age',
  'allow',
  'cache-control',
  'content-disposition',
  'content-language',
  'content-range',
  'content-type',
  'date',
  'deprecation',
  'etag',
  'expires',
  'last-modified',
  'link',
  'preference-applied',
  // How far an upload in pieces has come, beside 308 (cloud.google.com/storage/docs/performing-resumable-uploads).
  'range',
  'ratelimit',
  'request-id',
  'retry-after',
  'retry-after-ms',
  'sunset',
  'vary',
  // Support ids: what a service asks for in a ticket.
  'apim-request-id',
  'cf-ray',
  'x-amz-id-2',
  'x-amz-request-id',
  'x-amzn-requestid',
  'x-correlation-id',
  // What the results of fal's own package are known by.
  'x-fal-request-id',
  'x-github-media-type',
  'x-github-request-id',
  'x-ms-request-id',
  'x-notion-request-id',
  'x-request-id',
  'x-should-retry',
  'x-trace-id',
  // Paging: GitHub, GitLab, PostgREST.
  'x-next-page',
  'x-page',
  'x-per-page',
  'x-prev-page',
  'x-total',
  'x-total-count',
  'x-total-pages',
  // Metering of speech and image services.
  'character-cost',
  'current-concurrent-requests',
  'idempotent-replayed',
  'maximum-concurrent-requests',
  // Whether Stripe's own package tries a call again (stripe-node, `RequestSender._shouldRetry`).
  'stripe-should-retry',
  // Resumable uploads: tus 1.0.0 (tus.io/protocols/resumable-upload) and draft-ietf-httpbis-resumable-upload.
  'tus-checksum-algorithm',
  'tus-extension',
  'tus-max-size',
  'tus-resumable',
  'tus-version',
  'upload-complete',
  'upload-concat',
  'upload-defer-length',
  'upload-draft-interop-version',
  'upload-expires',
  'upload-length',
  'upload-limit',
  'upload-metadata',
  'upload-offset',
  // The session that a server of tools opens with its first answer (modelcontextprotocol.io, "Transports").
  'mcp-protocol-version',
  'mcp-session-id',
  // Which of its errors an answer of AWS is, where the body does not say it (smithy.io, "AWS restJson1 protocol").
  'x-amzn-errortype',
  // How a call of gRPC-Web ended, where it ended before its body began (github.com/grpc/grpc, PROTOCOL-WEB.md).
  'grpc-message',
  'grpc-status',
  'grpc-status-details-bin',
  // What the body of a downloaded file is (dropbox.com/developers/documentation/http, "Content-download endpoints").
  'dropbox-api-result',
  // What the next call is to read after (upstash.com/docs/redis, "Consistency").
  'upstash-sync-token',
  // What a query did and how it failed (clickhouse.com/docs/interfaces/http).
  'x-clickhouse-exception-code',
  'x-clickhouse-query-id',
  'x-clickhouse-summary',
])
const PREFIXES = ['anthropic-', 'openai-', 'ratelimit-', 'x-ratelimit-']
const LONGEST_NAME = 128

/**
 * True for a response header that passes to the page. Everything else is dropped: what sets state in the browser
 * (`set-cookie`, `clear-site-data`, `alt-svc`, policies, reports), what speaks of credentials (`www-authenticate`,
 * `authentication-info`), what moves (`refresh`, and `location`, of which `created-at.ts` tells what may) and what only the host may say (`valet-key-problem`).
 *
 * @param name lower case.
 * @param exposed what the service lists besides, see `exposeHeaders` of a service.
 */
export function passesToPage(name: string, exposed: readonly string[] = []): boolean {
  if (EXACT.has(name)) return true
  if (name.length > LONGEST_NAME) return false
  if (PREFIXES.some((prefix) => name.startsWith(prefix))) return true
  // SECURITY: asked here too and not only where a service is saved, so that no list opens what only the host may say.
  return isListed(name, exposed) && mayBeExposed(name)
}
