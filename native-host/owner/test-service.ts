import type { TestCall } from '../../shared/model/preset.ts'
import { say } from '../../shared/model/said.ts'
import type { Auth, Service } from '../../shared/model/service.ts'
import { presetById } from '../../shared/presets/catalogue.ts'
import { fillValues, serviceValues } from '../../shared/presets/fill-values.ts'
import { placePath } from '../../shared/presets/place-path.ts'
import { readServiceValues } from '../../shared/presets/read-values.ts'
import type { ServiceTestResult } from '../../shared/protocol/service-commands.ts'
import { recordOwnerCall } from '../audit/permit.ts'
import { cleanse } from '../broker/cleanse.ts'
import { type FetchedSecrets, fetchSecrets } from '../broker/fetch-secrets.ts'
import { inject } from '../broker/inject.ts'
import { OutcomeRecorder } from '../broker/outcome.ts'
import { secretsFor } from '../minting/secrets-for.ts'
import { authFor } from '../policy/auth-for.ts'
import { canonicalise } from '../policy/canonical.ts'
import type { CanonicalRequest } from '../policy/request.ts'
import { Problem } from '../problem.ts'
import { fetchNothingHere } from '../references/fetcher.ts'
import { References } from '../references/references.ts'
import { Refusal } from '../refusal.ts'
import type { Upstream } from '../upstream/send.ts'
import type { OwnerContext } from './context.ts'
import { ownerIntent } from './owner-intent.ts'
import { type ProbeAnswer, readProbe } from './read-probe.ts'
import { requireService } from './require.ts'

/** How long a probe may take in all, ms: an owner waits at a form. */
const PROBE_MS = 20_000
/** How much of an answer is read, bytes: enough for a status field, bounded whatever the server sends. */
const PROBE_BYTES = 64 * 1024

/** A test call; an empty path: the base URL itself. */
type Probe = Omit<TestCall, 'base'>

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
  references: References,
): Promise<ServiceTestResult> {
  const service = requireService(context, id)
  const probe = probeOf(service)
  const request = requestOf(service, probe)
  const auth = authFor(request, service)
  if (auth === null) return noScheme(request.path)
  const out = { upstream, references }
  const answer = await ask(context, service, request, probe, auth, out)
  const result = readProbe(answer, probe, auth.kind !== 'none')
  if (result.outcome !== 'accepted' || service.local === null || auth.kind === 'none') return result
  const bare = await ask(context, service, request, probe, { kind: 'none' }, out)
  return readProbe(bare, probe, false).outcome === 'no-key-needed'
    ? { ...result, outcome: 'no-key-needed', message: 'this server answers without a key as well' }
    : result
}

/**
 * Whether a local server answers its test call without a credential; null where it gave no answer.
 *
 * @throws Refusal `unknown`; whatever keeps the audit from being written.
 */
export async function answersWithoutKey(
  context: OwnerContext,
  id: string,
  upstream: Upstream,
): Promise<boolean | null> {
  const service = requireService(context, id)
  const probe = probeOf(service)
  const references = new References(fetchNothingHere)
  const out = { upstream, references }
  const answer = await ask(context, service, requestOf(service, probe), probe, { kind: 'none' }, out)
  references.close()
  if ('problem' in answer) return null
  return readProbe(answer, probe, false).outcome === 'no-key-needed'
}

function noScheme(path: string): ServiceTestResult {
  return {
    outcome: 'unclear',
    status: null,
    message: `the service has no scheme for \`${path}\`: nothing was sent`,
  }
}

/** What a service is asked for of which nobody knows more. */
const BASE_URL_ITSELF: Probe = { method: 'GET', path: '', ok: 'status' }

function probeOf(service: Service): Probe {
  const preset = service.preset === null ? null : presetById(service.preset)
  if (preset === null) return { ...BASE_URL_ITSELF }
  const needed = serviceValues(preset)
  const given = readServiceValues(preset, service)
  // The owner replaced the preset's schemes: only they named what the call needs.
  if (given === null && /\{[a-z-]+\}/.test(preset.test.path)) return { ...BASE_URL_ITSELF }
  const test = given === null ? preset.test : fillValues(preset.test, needed, given)
  return { ...test, path: placePath(preset, baseOf(service), test.path) }
}

/** The base URL that the test call goes to: the one the preset names, where the service still has it. */
function baseOf(service: Service): string {
  const named = service.preset === null ? undefined : presetById(service.preset)?.test.base
  const [first = ''] = service.baseUrls
  return named !== undefined && service.baseUrls.includes(named) ? named : first
}

function requestOf(service: Service, probe: Probe): CanonicalRequest {
  const base = baseOf(service)
  const origin = probe.path === '' ? base : new URL(base).origin
  const headers: [string, string][] = [['accept', 'application/json']]
  if (probe.body !== undefined) headers.push(['content-type', 'application/json'])
  const canonical = canonicalise({ method: probe.method, url: `${origin}${probe.path}`, headers }, service)
  if ('refused' in canonical) {
    throw new Refusal(
      'invalid',
      say`the test call of service \`${service.id}\` is refused: ${canonical.refused}`,
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
  { upstream, references }: { upstream: Upstream; references: References },
): Promise<ProbeAnswer> {
  const { store, keys } = context
  const body = probe.body === undefined ? null : new TextEncoder().encode(probe.body)
  const permit = recordOwnerCall(store, keys, {
    service: service.id,
    capability: null,
    record: ownerIntent(context, service, 'the test of the service', {
      method: request.method,
      request,
      body,
    }),
  })
  if ('refused' in permit) throw new Refusal('internal', 'a test has no budget to spend')
  const outcome = new OutcomeRecorder(permit, context)
  const signal = AbortSignal.timeout(PROBE_MS)
  let secrets: FetchedSecrets | null = null
  try {
    secrets = await fetchSecrets({ store, keys, references, afresh: true }, permit, service.id, auth, signal)
    const minting = { ...context, upstream, look: () => {}, elsewhere: secrets.with(new Map()) }
    const known = await secretsFor(minting, permit, service, auth, signal)
    const [all, length] = [secrets.with(known.secrets), body?.length ?? null]
    const { former } = secrets
    const { outbound, needles } = inject(request, body, length, service, auth, all, context.now(), former)
    const response = await upstream.send(outbound, service, { signal })
    outcome.answered(response.status)
    outcome.requestBytes = body?.length ?? 0
    const clean = cleanse(response, needles, request)
    const text = await readSome(clean.body, outcome)
    response.destroy()
    outcome.redactions = clean.redactions()
    outcome.write('sent', null)
    return { status: clean.status, body: text }
  } catch (error) {
    const problem = error instanceof Problem ? error.reason : 'probe-failed'
    outcome.write('failed', new Problem('internal', problem))
    if (error instanceof Refusal) throw error
    return { problem }
  } finally {
    secrets?.release()
  }
}

async function readSome(body: AsyncIterable<Uint8Array>, outcome: OutcomeRecorder): Promise<string> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of body) {
    parts.push(part)
    outcome.delivered(part)
    size += part.length
    if (size >= PROBE_BYTES) break
  }
  return Buffer.concat(parts).toString('utf8')
}
