import type { TestCall } from '../../shared/model/preset.ts'
import { type Said, said, say, sentenceText } from '../../shared/model/said.ts'
import type { ServiceTestResult } from '../../shared/protocol/service-commands.ts'
import { REASONS, type Reason } from '../policy/reason.ts'
import { FAULTS, type FaultReason, isFault } from '../references/fault.ts'
import { readYes } from './read-yes.ts'

/** What came back from a test call: an answer, or the reason why there was none. */
export type ProbeAnswer = { status: number; body: string } | { problem: string }

/** How the service says what a key is good for; an empty path: a service without a preset, asked for its base URL. */
export type ProbeWords = Pick<TestCall, 'path' | 'ok' | 'answers'>

/**
 * Say what an answer means for the stored credential. The message never holds what the service answered.
 *
 * @param keyed whether a credential went with the call.
 */
export function readProbe(answer: ProbeAnswer, words: ProbeWords, keyed: boolean): ServiceTestResult {
  if ('problem' in answer && isFault(answer.problem)) {
    return { outcome: 'key-unavailable', status: null, ...faultTold(answer.problem) }
  }
  if ('problem' in answer && isTokenReason(answer.problem)) {
    const message = withoutStop(REASONS[answer.problem])
    const outcome = TOKEN_OUTCOMES[answer.problem] ?? 'key-unavailable'
    return { outcome, status: null, message, said: said(REASONS[answer.problem]) }
  }
  if ('problem' in answer) {
    return { outcome: 'unreachable', status: null, ...told(unreachable(answer.problem)) }
  }
  const { status, body } = answer
  const result = { ...readAnswer(status, body, words), status }
  return keyed ? result : { ...result, ...WITHOUT_KEY[result.outcome] }
}

/** What it means where no token was to be had; all others: that it could not be obtained. */
const TOKEN_OUTCOMES: Partial<Record<Reason, ServiceTestResult['outcome']>> = {
  'token-invalid-client': 'key-refused',
  'token-invalid-grant': 'key-refused',
  'token-not-for-client': 'lacks-scope',
  'token-invalid-scope': 'lacks-scope',
  'token-unreachable': 'unreachable',
  'token-timeout': 'unreachable',
}

function isTokenReason(problem: string): problem is Reason {
  return Object.hasOwn(REASONS, problem) && /^(?:token|certificate)-/.test(problem)
}

/** As part of a sentence. */
function withoutStop(sentence: string): string {
  return `${sentence.charAt(0).toLowerCase()}${sentence.slice(1).replace(/\.$/, '')}`
}

type Reading = Pick<ServiceTestResult, 'outcome' | 'message' | 'said'>

/** What the same answers mean where no credential went with the call. */
const WITHOUT_KEY: Partial<Record<ServiceTestResult['outcome'], Partial<Reading>>> = {
  accepted: { outcome: 'no-key-needed', message: 'the service answers without a key' },
  'key-refused': { message: 'the service wants a key, and there is none for it here' },
  'lacks-scope': { message: 'the service refuses this call without a key' },
}

const MEANINGS = {
  accepted: 'the service accepted the key',
  'key-refused': 'the service refused the key',
  'lacks-scope': 'the service knows the key but it may not make this call',
  'wrong-base-url': 'there is no such API at this base URL',
  unclear: 'the service answered something that says nothing of the key',
} as const

function readAnswer(status: number, body: string, words: ProbeWords): Reading {
  const documented = words.answers?.find((one) => one.status === status && holds(body, one.holds))
  if (documented !== undefined) return meaning(documented.means)
  if (status < 200 || status >= 300) return readRefusal(status)
  if (isWebPage(body)) return webPage(words)
  return meaning(readYes(words.ok, body))
}

function meaning(outcome: keyof typeof MEANINGS): Reading {
  return { outcome, message: MEANINGS[outcome] }
}

function readRefusal(status: number): Reading {
  if (status === 401) return meaning('key-refused')
  if (status === 402)
    return { outcome: 'lacks-scope', message: 'the service knows the key but its account has no credit' }
  if (status === 403) return meaning('lacks-scope')
  if (status === 404 || status === 405) return meaning('wrong-base-url')
  if (status >= 300 && status < 400) {
    return {
      outcome: 'wrong-base-url',
      message: 'the base URL only leads elsewhere: give the address of the API itself',
    }
  }
  if (status === 429) {
    return {
      outcome: 'unclear',
      message: 'the service takes no more calls for now, which says nothing of the key',
    }
  }
  const what =
    status >= 500
      ? say`the service has a fault of its own: it answered ${status}, which says nothing of the key`
      : say`the service answered ${status}, which says nothing of the key`
  return { outcome: 'unclear', ...told(what) }
}

/** An API that is asked for what its preset names answers with no page; of a base URL alone nobody knows. */
function webPage(words: ProbeWords): Reading {
  return words.path === ''
    ? { outcome: 'unclear', message: 'a web page answered, which says nothing of the key' }
    : { outcome: 'wrong-base-url', message: 'a web page answered: this base URL is not that of the API' }
}

function isWebPage(body: string): boolean {
  return /^\s*<(?:!doctype html|html|head|body)\b/i.test(body)
}

/** Services differ in the white space of their JSON. */
function holds(body: string, text: string | undefined): boolean {
  if (text === undefined) return true
  const [where, what] = [body.toLowerCase(), text.toLowerCase()]
  return where.includes(what) || where.replace(/\s+/g, '').includes(what.replace(/\s+/g, ''))
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

/** The sentence of a fault, as part of one. */
function faultTold(reason: FaultReason): Pick<ServiceTestResult, 'message' | 'said'> {
  const sentence = FAULTS[reason]
  return { message: `${withoutStop(sentence)} (${reason})`, said: say`${said(sentence)} (${reason})` }
}

function unreachable(reason: string): Said {
  return say`the service could not be reached: ${said(CAUSES[reason] ?? reason)}`
}

function told(sentence: Said): Pick<ServiceTestResult, 'message' | 'said'> {
  return { message: sentenceText(sentence), said: sentence }
}
