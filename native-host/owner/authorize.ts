import { said, say } from '../../shared/model/said.ts'
import type { Auth, Service } from '../../shared/model/service.ts'
import { recordOwnerCall } from '../audit/permit.ts'
import { clientSecret, publicClient } from '../auth/client-secret.ts'
import { usableToken } from '../auth/minting.ts'
import type { Secrets } from '../auth/scheme.ts'
import { secretText } from '../auth/secret-text.ts'
import { type Attempt, authorizationAddress, newAttempt } from '../authorizing/authorization-request.ts'
import { listenForCallback } from '../authorizing/listen-for-callback.ts'
import { CALLBACK_FAULTS } from '../authorizing/read-callback.ts'
import { type FetchedSecrets, fetchSecrets } from '../broker/fetch-secrets.ts'
import { OutcomeRecorder } from '../broker/outcome.ts'
import { tokenFetch } from '../minting/token-fetch.ts'
import { checkAuthorizationUrl } from '../policy/authorization-url.ts'
import { REASONS, type Reason } from '../policy/reason.ts'
import { Problem } from '../problem.ts'
import { FAULTS, isFault } from '../references/fault.ts'
import type { References } from '../references/references.ts'
import { Refusal } from '../refusal.ts'
import { putSecret } from '../store/services.ts'
import type { Upstream } from '../upstream/send.ts'
import { checkNotLocked } from '../vault/lock.ts'
import { takeSecrets } from '../vault/take-secrets.ts'
import type { OwnerContext } from './context.ts'
import { ownerIntent } from './owner-intent.ts'
import { record } from './record.ts'
import { requireService } from './require.ts'

/** How long the owner may take, ms. */
const PATIENCE_MS = 5 * 60_000
/** How long the token server may take, ms. */
const ANSWER_MS = 20_000

type Refresh = Extract<Auth, { kind: 'oauth2-refresh' }>

/** An authorization that was begun. */
export interface Authorization {
  /** Where the owner says yes, to be opened in a browser. */
  readonly url: string
  /** Resolves when the refresh token is stored. @throws Refusal `invalid` with why not; the signal's reason. */
  readonly done: Promise<void>
}

/**
 * Begin to get a refresh token for a service from its owner: authorization code with PKCE (RFC 6749 section 4.1, RFC 7636),
 * and a loopback redirect (RFC 8252) that waits for five minutes. What comes of it is stored in place of the one before.
 *
 * @param signal gives it up.
 * @throws Refusal `unknown`; `invalid` where the service has no `oauth2-refresh` scheme with an authorization URL.
 */
export async function beginAuthorization(
  context: OwnerContext,
  id: string,
  out: { readonly upstream: Upstream; readonly references: References },
  signal: AbortSignal,
): Promise<Authorization> {
  const service = requireService(context, id)
  const { auth, authorizationUrl } = authorizable(service)
  const attempt = newAttempt()
  const limit = AbortSignal.timeout(PATIENCE_MS)
  const both = AbortSignal.any([signal, limit])
  const expected = { state: attempt.state, issuer: auth.issuer ?? null, authorizationUrl }
  const listener = await listenForCallback(expected, both)
  const { redirectUri } = listener
  const finish = async () => {
    const callback = await listener.answer.catch((reason: unknown) => {
      throw limit.aborted ? new Refusal('invalid', 'nobody answered within five minutes') : reason
    })
    if ('fault' in callback) throw new Refusal('invalid', CALLBACK_FAULTS[callback.fault])
    await redeem(context, { service, auth, attempt, redirectUri }, callback.code, out, signal)
  }
  const { clientId, scope } = auth
  const url = authorizationAddress({ authorizationUrl, clientId, scope }, attempt, redirectUri)
  return { url, done: finish() }
}

function authorizable(service: Service): { auth: Refresh; authorizationUrl: string } {
  for (const { auth } of service.auth) {
    if (auth.kind !== 'oauth2-refresh' || auth.authorizationUrl === undefined) continue
    checkAuthorizationUrl(auth.authorizationUrl)
    return { auth, authorizationUrl: auth.authorizationUrl }
  }
  throw new Refusal(
    'invalid',
    say`service \`${service.id}\` has no \`oauth2-refresh\` scheme with \`--set authorization-url=\``,
  )
}

interface Begun {
  readonly service: Service
  readonly auth: Refresh
  readonly attempt: Attempt
  readonly redirectUri: string
}

/** Exchange the code for a refresh token and store it. The code is worth something once, and is in no record. */
async function redeem(
  context: OwnerContext,
  begun: Begun,
  code: string,
  { upstream, references }: { upstream: Upstream; references: References },
  signal: AbortSignal,
): Promise<void> {
  const { store, keys } = context
  const { service, auth } = begun
  const permit = recordOwnerCall(store, keys, {
    service: service.id,
    capability: null,
    record: ownerIntent(context, service, 'the authorization of the service', {
      method: 'POST',
      request: null,
      body: null,
    }),
  })
  if ('refused' in permit) throw new Refusal('internal', 'an authorization has no budget to spend')
  const outcome = new OutcomeRecorder(permit, context)
  let fetched: FetchedSecrets | null = null
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)])
    fetched = await fetchSecrets({ store, keys, references, afresh: true }, permit, service.id, auth, limit)
    const secrets = fetched.with(takeSecrets(store, keys, permit, service.id))
    const token = await refreshTokenFor(context, begun, code, secrets, upstream, limit)
    store.transaction(() => {
      // SECURITY: what was locked meanwhile stays as it is.
      checkNotLocked(store, keys)
      putSecret(store, keys, service.id, auth.secret, Buffer.from(token))
      record(context, 'service.authorize', service.id)
    })
    outcome.write('sent', null)
  } catch (failure) {
    outcome.write('failed', failure)
    throw asRefusal(failure)
  } finally {
    fetched?.release()
  }
}

async function refreshTokenFor(
  { store, keys, now }: OwnerContext,
  { service, auth, attempt, redirectUri }: Begun,
  code: string,
  secrets: Secrets,
  upstream: Upstream,
  signal: AbortSignal,
): Promise<string> {
  const lastLook = () => checkNotLocked(store, keys)
  const fetch = tokenFetch(service, auth.tokenUrl, { upstream, signal, lastLook, serverTime: () => {} })
  const hasSecret = secrets.has(auth.clientSecret)
  const grant = {
    tokenUrl: auth.tokenUrl,
    clientId: auth.clientId,
    client: hasSecret
      ? clientSecret(
          auth.clientAuth,
          secretText(secrets, auth.clientSecret, () => null),
        )
      : publicClient,
    grantType: 'authorization_code',
    parameters: { code, redirect_uri: redirectUri, code_verifier: attempt.verifier },
  }
  const { askTokenEndpoint } = await import('../auth/token-endpoint.ts')
  const { refreshToken } = await askTokenEndpoint(grant, { service, secrets, now: now(), fetch })
  if (refreshToken !== null) return usableToken(refreshToken)
  throw new Refusal(
    'invalid',
    'the server gave no refresh token: ask for one, as with `--set scope="… offline_access"` or `access_type=offline` in the authorization URL',
  )
}

function asRefusal(failure: unknown): unknown {
  if (!(failure instanceof Problem)) return failure
  const { reason } = failure
  if (isFault(reason)) return new Refusal('invalid', say`${said(FAULTS[reason])} (${reason})`)
  const sentence = Object.hasOwn(REASONS, reason) ? REASONS[reason as Reason] : 'It could not be sent.'
  return new Refusal('invalid', say`the authorization failed: ${said(sentence)} (${reason})`)
}
