import { recordAct } from '../audit/write-audit.ts'
import type { Minted } from '../auth/minting.ts'
import type { Secrets } from '../auth/scheme.ts'
import { schemeOf } from '../auth/schemes.ts'
import { carryToken, type KeptToken, putToken } from '../store/minted-tokens.ts'
import { putSecret } from '../store/services.ts'
import { checkNotLocked } from '../vault/lock.ts'
import type { Secret } from '../vault/secret.ts'
import { allSecrets, type MintContext, type MintJob } from './context.ts'
import { madeFrom, span } from './kept-token.ts'
import { sourceOf } from './sources.ts'

/**
 * Store the secrets that a token server replaced, and the token where it was made from what the owner still has. Within a
 * transaction.
 *
 * @param used what the token was asked for with. @param askedAt when, the wall clock, ms.
 * @returns the token, for those who wait. @throws Refusal `vault-locked`.
 */
export function keepMinted(
  context: MintContext,
  job: MintJob,
  minted: Minted,
  used: Secrets,
  askedAt: number,
): KeptToken {
  const { store, keys } = context
  const { permit, service, auth, from } = job
  checkNotLocked(store, keys)
  const before = allSecrets(context, permit, service.id)
  const expiresAt = askedAt + span(minted.lifetime)
  const token = { token: minted.token, askedAt, expiresAt, madeFrom: madeFrom(keys, auth, used) }
  putReplaced(context, job, minted, used, before)
  // The owner has replaced secrets meanwhile: good for those who wait, not for anybody later.
  if (madeFrom(keys, auth, before) !== token.madeFrom) return token
  const kept = { ...token, madeFrom: madeFrom(keys, auth, allSecrets(context, permit, service.id)) }
  putToken(store, keys, from, kept)
  return kept
}

function putReplaced(
  context: MintContext,
  job: MintJob,
  { replaced }: Minted,
  used: Secrets,
  before: Secrets,
): void {
  const { store, keys, now } = context
  const { service } = job
  // Each by itself: what the owner has replaced meanwhile stays, and what the server has replaced is lost if it is not kept.
  const own = [...replaced].filter(([name]) => isSame(used.get(name), before.get(name)))
  if (own.length === 0) return
  for (const [name, text] of own) putSecret(store, keys, service.id, name, Buffer.from(text))
  recordAct(store, keys, { act: 'token.rotate', subject: service.id, by: 'call', now: now() })
  carryOthers(context, job, before)
}

/** Tokens of the service's other schemes are as good as before: theirs is the same secret, as the server replaced it. */
function carryOthers(context: MintContext, { permit, service, from }: MintJob, before: Secrets): void {
  const { store, keys } = context
  const after = allSecrets(context, permit, service.id)
  for (const { auth } of service.auth) {
    const other = sourceOf(service, auth)
    if (schemeOf(auth).minting === undefined || other.source === from.source) continue
    carryToken(store, keys, other, madeFrom(keys, auth, before), madeFrom(keys, auth, after))
  }
}

function isSame(one: Secret | undefined, other: Secret | undefined): boolean {
  return one !== undefined && other !== undefined && Buffer.compare(one.reveal(), other.reveal()) === 0
}
