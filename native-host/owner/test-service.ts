import { randomUUID } from 'node:crypto'
import type { AuditRecord } from '../../shared/model/audit-record.ts'
import type { Preset } from '../../shared/model/preset.ts'
import type { Auth, Service } from '../../shared/model/service.ts'
import { presetById } from '../../shared/presets/catalogue.ts'
import { placePath } from '../../shared/presets/place-path.ts'
import type { ServiceTestResult } from '../../shared/protocol/commands.ts'
import { type Permit, recordOwnerCall } from '../audit/permit.ts'
import { recordOutcome } from '../audit/write-audit.ts'
import { OWNER_ORIGIN } from '../broker/call-as-owner.ts'
import { cleanse } from '../broker/cleanse.ts'
import { inject, needles } from '../broker/inject.ts'
import { authFor } from '../policy/auth-for.ts'
import { canonicalise } from '../policy/canonical.ts'
import type { CanonicalRequest } from '../policy/request.ts'
import { Problem } from '../problem.ts'
import { Refusal } from '../refusal.ts'
import type { Upstream } from '../upstream/send.ts'
import { takeSecrets } from '../vault/take-secrets.ts'
import type { OwnerContext } from './context.ts'
import { type ProbeAnswer, readProbe } from './read-probe.ts'
import { requireService } from './require.ts'

/** How long a probe may take in all, ms: an owner waits at a form. */
const PROBE_MS = 20_000
/** How much of an answer is read, bytes: enough for a status field, bounded whatever the server sends. */
const PROBE_BYTES = 64 * 1024

type Probe = Preset['test']

/**
 * Make the harmless call that the service's preset names, with the stored credential, and say what it showed. A
 * service without a preset is asked for its base URL. A local server that accepts the call is asked again without
 * the credential, since a server that checks no key makes a wrong one look right.
 *
 * @throws Refusal `unknown`; whatever keeps the audit from being written.
 */
export async function testService(
  context: OwnerContext,
  id: string,
  upstream: Upstream,
): Promise<ServiceTestResult> {
  const service = requireService(context, id)
  const probe = probeOf(service)
  const request = requestOf(service, probe)
  const auth = authFor(request, service)
  if (auth === null) return noScheme(request.path)
  const answer = await ask(context, service, request, probe, auth, upstream)
  const result = readProbe(answer, probe.ok, auth.kind !== 'none')
  if (result.outcome !== 'accepted' || service.local === null || auth.kind === 'none') return result
  const bare = await ask(context, service, request, probe, { kind: 'none' }, upstream)
  return readProbe(bare, probe.ok, false).outcome === 'no-key-needed'
    ? { ...result, outcome: 'no-key-needed', message: 'this server answers without a key as well' }
    : result
}

function noScheme(path: string): ServiceTestResult {
  return {
    outcome: 'unclear',
    status: null,
    message: `the service has no scheme for \`${path}\`: nothing was sent`,
  }
}

function probeOf(service: Service): Probe {
  const preset = service.preset === null ? null : presetById(service.preset)
  if (preset === null) return { method: 'GET', path: '', ok: 'status' }
  return { ...preset.test, path: placePath(preset, service.baseUrls[0] ?? '', preset.test.path) }
}

function requestOf(service: Service, probe: Probe): CanonicalRequest {
  const [base] = service.baseUrls
  const origin = probe.path === '' ? base : new URL(base ?? '').origin
  const headers: [string, string][] = [['accept', 'application/json']]
  if (probe.body !== undefined) headers.push(['content-type', 'application/json'])
  const canonical = canonicalise({ method: probe.method, url: `${origin}${probe.path}`, headers }, service)
  if ('refused' in canonical) {
    throw new Refusal(
      'invalid',
      `the test call of service \`${service.id}\` is refused: ${canonical.refused}`,
    )
  }
  return canonical.request
}

async function ask(
  context: OwnerContext,
  service: Service,
  request: CanonicalRequest,
  probe: Probe,
  auth: Auth,
  upstream: Upstream,
): Promise<ProbeAnswer> {
  const { store, keys } = context
  const started = context.now()
  const permit = recordOwnerCall(store, keys, {
    service: service.id,
    capability: null,
    record: intentOf(service, request, started),
  })
  try {
    const secrets = takeSecrets(store, keys, permit, service.id)
    const body = probe.body === undefined ? null : new TextEncoder().encode(probe.body)
    const outbound = inject(request, body, body?.length ?? null, service, auth, secrets)
    const response = await upstream.send(outbound, service, { signal: AbortSignal.timeout(PROBE_MS) })
    const clean = cleanse(response, needles(auth, secrets), request)
    const text = await readSome(clean.body)
    response.destroy()
    record(context, permit, started, {
      result: 'sent',
      status: clean.status,
      problem: null,
      size: text.length,
    })
    return { status: clean.status, body: text }
  } catch (error) {
    const problem = error instanceof Problem ? error.reason : 'probe-failed'
    record(context, permit, started, { result: 'failed', status: null, problem, size: 0 })
    if (error instanceof Refusal) throw error
    return { problem }
  }
}

function intentOf(
  service: Service,
  request: CanonicalRequest,
  now: number,
): AuditRecord & { kind: 'intent' } {
  return {
    kind: 'intent',
    id: randomUUID(),
    at: now,
    origin: OWNER_ORIGIN,
    topOrigin: null,
    session: null,
    capability: null,
    service: service.id,
    method: request.method,
    url: request.url,
    decision: 'allow',
    reason: 'rule-allow',
    rule: 'the test of the service',
  }
}

interface Outcome {
  result: 'sent' | 'failed'
  status: number | null
  problem: string | null
  size: number
}

function record(context: OwnerContext, permit: Permit, started: number, outcome: Outcome): void {
  const { result, status, problem, size } = outcome
  const now = context.now()
  const milliseconds = Math.max(0, now - started)
  const sizes = { requestBytes: 0, responseBytes: size, redactions: 0 }
  const id = randomUUID()
  const about = { kind: 'outcome', id, intent: permit.auditId, at: now } as const
  const whole = { ...about, result, problem, status, milliseconds, ...sizes }
  recordOutcome(context.store, context.keys, whole, null)
}

async function readSome(body: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of body) {
    parts.push(part)
    size += part.length
    if (size >= PROBE_BYTES) break
  }
  return Buffer.concat(parts).toString('utf8')
}
