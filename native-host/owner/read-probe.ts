import type { Preset } from '../../shared/model/preset.ts'
import type { ServiceTestResult } from '../../shared/protocol/commands.ts'

/** What came back from a test call: an answer, or the reason why there was none. */
export type ProbeAnswer = { status: number; body: string } | { problem: string }

/**
 * Say what an answer means for the stored credential.
 *
 * @param ok how this service says yes: `status` (2xx) or `json-status` (2xx and a body whose `status` is no error).
 * @param keyed whether a credential went with the call.
 */
export function readProbe(answer: ProbeAnswer, ok: Preset['test']['ok'], keyed: boolean): ServiceTestResult {
  if ('problem' in answer) {
    return { outcome: 'unreachable', status: null, message: unreachableMessage(answer.problem) }
  }
  const result = readAnswer(answer.status, answer.body, ok)
  return keyed ? result : { ...result, ...WITHOUT_KEY[result.outcome] }
}

/** What the same answers mean where no credential went with the call. */
const WITHOUT_KEY: Partial<Record<ServiceTestResult['outcome'], Partial<ServiceTestResult>>> = {
  accepted: { outcome: 'no-key-needed', message: 'the service answers without a key' },
  'key-refused': { message: 'the service wants a key, and there is none for it here' },
  'lacks-scope': { message: 'the service refuses this call without a key' },
}

function readAnswer(status: number, body: string, ok: Preset['test']['ok']): ServiceTestResult {
  if (status < 200 || status >= 300) return readRefusal(status)
  if (ok === 'json-status') return readJsonStatus(status, body)
  return { outcome: 'accepted', status, message: 'the service accepted the key' }
}

function readRefusal(status: number): ServiceTestResult {
  if (status === 401) return { outcome: 'key-refused', status, message: 'the service refused the key' }
  if (status === 403) {
    return {
      outcome: 'lacks-scope',
      status,
      message: 'the service knows the key but it may not make this call',
    }
  }
  if (status === 404) {
    return { outcome: 'wrong-base-url', status, message: 'there is no such API at this base URL' }
  }
  return {
    outcome: 'unclear',
    status,
    message: `the service answered ${status}, which says nothing of the key`,
  }
}

// ModelsLab answers every error with HTTP 200 and says so in the body only.
function readJsonStatus(status: number, body: string): ServiceTestResult {
  const said = statusField(body)
  if (said === null) {
    return {
      outcome: 'unclear',
      status,
      message: 'the service answered without saying whether it accepted the key',
    }
  }
  if (!['error', 'failed'].includes(said.status)) {
    return { outcome: 'accepted', status, message: 'the service accepted the key' }
  }
  return /key|auth|token|subscri/i.test(said.message)
    ? { outcome: 'key-refused', status, message: 'the service refused the key' }
    : {
        outcome: 'unclear',
        status,
        message: 'the service answered with an error that does not speak of the key',
      }
}

function statusField(body: string): { status: string; message: string } | null {
  const parsed = parse(body)
  if (typeof parsed !== 'object' || parsed === null) return null
  // A bare list is what a successful listing answers with.
  if (Array.isArray(parsed)) return { status: 'success', message: '' }
  const { status, message } = parsed as { status?: unknown; message?: unknown }
  if (typeof status !== 'string') return null
  return {
    status: status.toLowerCase(),
    message: typeof message === 'string' ? message : JSON.stringify(message ?? ''),
  }
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}

const CAUSES: Readonly<Record<string, string>> = {
  refused: 'nothing listens at that address',
  dns: 'the host name is not known',
  'private-address': 'the host name leads to a private address, and the service is not declared local',
  'tls-expired': 'its certificate has expired',
  'tls-not-yet-valid': 'its certificate is not valid yet: look at the clocks of both machines',
  'tls-wrong-host': 'its certificate is for another host',
  'tls-self-signed':
    'its certificate is signed by nobody but itself: pin it with `--ca-file` if it is the right one',
  'tls-untrusted': 'its certificate comes from an authority that is not trusted: pin that with `--ca-file`',
  'tls-wrong-purpose': 'its certificate is not one for a server, or was signed by what is no authority',
  'tls-too-old': 'it speaks no newer protocol than TLS 1.1',
  tls: 'no encrypted connection came about',
}

function unreachableMessage(reason: string): string {
  return `the service could not be reached: ${CAUSES[reason] ?? reason}`
}
