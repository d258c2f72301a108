import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { recordAct } from '../audit/write-audit.ts'
import { written } from '../audit/written.ts'
import { type Minted, noToken } from '../auth/minting.ts'
import type { Secrets } from '../auth/scheme.ts'
import { elapsed } from '../elapsed.ts'
import { Problem } from '../problem.ts'
import { dropLease, holdsLease, type KeptToken, takeLease } from '../store/minted-tokens.ts'
import { checkNotLocked } from '../vault/lock.ts'
import { takeToken } from '../vault/take-tokens.ts'
import { allSecrets, type MintContext, type MintJob } from './context.ts'
import type { UnderWay } from './flights.ts'
import { keepMinted } from './keep-minted.ts'
import { isGood, madeFrom } from './kept-token.ts'
import { turnOf } from './sources.ts'
import { type TokenWire, tokenFetch } from './token-fetch.ts'

/** How long a token server may take in all, ms. */
const ANSWER_MS = 20_000
/** How long one process may keep others from asking, ms: longer than it may wait for an answer, or two would ask. */
const LEASE_MS = ANSWER_MS + 10_000
/** How long somebody waits for another process's answer and its own, ms. */
const PATIENCE_MS = LEASE_MS + ANSWER_MS
/** How often it is looked whether another process has got the token, ms. */
const LOOK_MS = 50
/** Clocks that differ by less than this are taken to be the same, ms; `Date` counts seconds. */
const SAME_TIME_MS = 20_000
/** Clocks that differ by more than this are not believed, ms. */
const OTHER_ERA_MS = 24 * 3_600_000

/**
 * Get a token from the token server and keep it; or the one that another process got meanwhile.
 *
 * One of all processes asks at a time. What it is about to do is in the log first; secrets that the server replaced are
 * stored, durably, before the token is used. Where it may replace some, the answer is waited for and kept, whoever leaves,
 * from when the request has left: the old ones may be worth nothing then.
 *
 * @throws Problem `credential-unavailable`, `audit-failed`; Refusal `vault-locked`; the signal's reason.
 */
export async function mintToken(context: MintContext, job: MintJob, underWay: UnderWay): Promise<KeptToken> {
  const { signal } = underWay
  const holder = randomUUID()
  const end = elapsed() + PATIENCE_MS
  for (;;) {
    signal.throwIfAborted()
    const turn = written(() => context.store.transaction(() => takeTurn(context, job, holder)))
    if ('token' in turn) return turn.token
    if ('secrets' in turn) return asked(context, job, turn.secrets, holder, underWay)
    if (elapsed() > end) throw noToken('token-timeout')
    await pause(LOOK_MS, undefined, { signal }).catch(() => {})
  }
}

/** The token that is there, or the secrets to ask for one with, or neither: somebody else asks. */
function takeTurn(
  context: MintContext,
  { permit, service, auth, minting, from }: MintJob,
  holder: string,
): { token: KeptToken } | { secrets: Secrets } | { wait: true } {
  const { store, keys, now } = context
  checkNotLocked(store, keys)
  const secrets = allSecrets(context, permit, service.id)
  const token = takeToken(store, keys, permit, from)
  if (token !== null && isGood(token, madeFrom(keys, auth, secrets), now())) return { token }
  const lease = { holder, now: now(), until: now() + LEASE_MS }
  if (!takeLease(store, keys, turnOf(service, auth, minting), lease)) return { wait: true }
  recordAct(store, keys, { act: 'token.mint', subject: service.id, by: 'call', now: now() })
  return { secrets }
}

async function asked(
  context: MintContext,
  job: MintJob,
  secrets: Secrets,
  holder: string,
  { signal, mustLand }: UnderWay,
): Promise<KeptToken> {
  const { store, keys } = context
  const turn = turnOf(job.service, job.auth, job.minting)
  // SECURITY: from here on the server may take what it was sent no more: a page that leaves must not lose its owner the answer.
  const leaving = job.minting.rotates ? mustLand : () => {}
  try {
    const askedAt = context.now()
    const limit = AbortSignal.timeout(ANSWER_MS)
    const minted = await answer(context, job, secrets, holder, {
      signal: AbortSignal.any([signal, limit]),
      leaving,
    }).catch((failure: unknown) => {
      throw limit.aborted && !signal.aborted ? noToken('token-timeout') : failure
    })
    return written(() => store.transaction(() => keepMinted(context, job, minted, secrets, askedAt)))
  } finally {
    // A process that locks has closed it already; the lease ends by itself then.
    if (store.database.isOpen) dropLease(store, keys, turn, holder)
  }
}

async function answer(
  context: MintContext,
  { service, auth, minting }: MintJob,
  secrets: Secrets,
  holder: string,
  { signal, leaving }: Required<Pick<TokenWire, 'signal' | 'leaving'>>,
): Promise<Minted> {
  const turn = turnOf(service, auth, minting)
  let skew = 0
  const lastLook = () => {
    context.look()
    // SECURITY: a process that slept may have lost its turn: two must never send the same refresh token.
    if (!holdsLease(context.store, context.keys, turn, holder)) throw noToken('token-timeout')
  }
  const serverTime = (time: number) => {
    skew = time - context.now()
  }
  const wire = { upstream: context.upstream, signal, lastLook, leaving, serverTime }
  const fetch = tokenFetch(service, minting.tokenUrl(auth, service, secrets), wire)
  const ask = (late: number) => minting.mint(auth, { service, secrets, now: context.now() + late, fetch })
  try {
    return await ask(0)
  } catch (failure) {
    const differs = Math.abs(skew) > SAME_TIME_MS && Math.abs(skew) < OTHER_ERA_MS
    if (!minting.signsTime || !differs || !wasRefused(failure)) throw failure
    return await ask(skew)
  }
}

/** True where the server has read the request and said no. */
function wasRefused(failure: unknown): boolean {
  return (
    failure instanceof Problem && /^token-(?:refused|invalid|malformed|not-for-client)/.test(failure.reason)
  )
}
