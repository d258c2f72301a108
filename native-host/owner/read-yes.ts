import type { TestCall } from '../../shared/model/preset.ts'

/** What the body of an answer with status 2xx says of the key. */
export type Yes = 'accepted' | 'key-refused' | 'lacks-scope' | 'unclear'

/**
 * Read the body of an answer whose status is a success: some services say no in it all the same.
 *
 * @param ok how the service says yes, see `TestCall`.
 */
export function readYes(ok: TestCall['ok'], body: string): Yes {
  if (ok === 'status') return 'accepted'
  const parsed = parse(body)
  // A bare list is what a successful listing answers with.
  if (ok === 'json-status' && Array.isArray(parsed)) return 'accepted'
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return 'unclear'
  return READERS[ok](parsed as Readonly<Record<string, unknown>>)
}

type Reader = (said: Readonly<Record<string, unknown>>) => Yes

const READERS: Record<Exclude<TestCall['ok'], 'status'>, Reader> = {
  // ModelsLab: every error comes with status 200 and says so in `status` only.
  'json-status': ({ status, message, messege }) => {
    if (typeof status !== 'string') return 'unclear'
    return ['error', 'failed'].includes(status.toLowerCase()) ? refusal(message ?? messege) : 'accepted'
  },
  // Slack Web API: `{"ok": false, "error": "invalid_auth"}` (docs.slack.dev, auth.test).
  'json-ok': ({ ok, error }) => {
    if (ok === true) return 'accepted'
    if (ok !== false) return 'unclear'
    return /missing_scope|not_allowed_token_type|no_permission/.test(String(error))
      ? 'lacks-scope'
      : refusal(error)
  },
  // Cloudflare: `{"success": false, "errors": [{"code": 1000, "message": "Invalid API Token"}]}`.
  'json-success': ({ success, errors, result }) => {
    if (success === true) return isActive(result) ? 'accepted' : 'key-refused'
    return success === false ? refusal(errors) : 'unclear'
  },
  // GraphQL specification section 7.1: errors stand in `errors`, whatever the status.
  graphql: ({ errors, data }) => {
    if (errors === undefined) return data === undefined ? 'unclear' : 'accepted'
    return /forbidden|scope|permission/i.test(textOf(errors)) ? 'lacks-scope' : refusal(errors)
  },
}

/** An error speaks of the key, or of something else. */
function refusal(said: unknown): Yes {
  return /key|auth|token|subscri|account_inactive|credential/i.test(textOf(said)) ? 'key-refused' : 'unclear'
}

/** A token that Cloudflare knows may be disabled or expired: `"status": "active"`. */
function isActive(result: unknown): boolean {
  const status =
    typeof result === 'object' && result !== null && 'status' in result ? result.status : 'active'
  return status === 'active'
}

function textOf(said: unknown): string {
  return typeof said === 'string' ? said : JSON.stringify(said ?? '')
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}
