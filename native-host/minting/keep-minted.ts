import { recordAct } from '../audit/write-audit.ts'
import type { Minted } from '../auth/minting.ts'
import type { Secrets } from '../auth/scheme.ts'
import { type KeptToken, putToken } from '../store/minted-tokens.ts'
import { putSecret } from '../store/services.ts'
import { checkNotLocked } from '../vault/lock.ts'
import type { Secret } from '../vault/secret.ts'
import { allSecrets, type MintContext, type MintJob } from './context.ts'
import { madeFrom, span } from './kept-token.ts'

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
  { store, keys, now }: MintContext,
  { service }: MintJob,
  { replaced }: Minted,
  used: Secrets,
  before: Secrets,
): void {
  // Each by itself: what the owner has replaced meanwhile stays, and what the server has replaced is lost if it is not kept.
  const own = [...replaced].filter(([name]) => isSame(used.get(name), before.get(name)))
  for (const [name, text] of own) putSecret(store, keys, service.id, name, Buffer.from(text))
  if (own.length > 0)
    recordAct(store, keys, { act: 'token.rotate', subject: service.id, by: 'call', now: now() })
}

function isSame(one: Secret | undefined, other: Secret | undefined): boolean {
  return one !== undefined && other !== undefined && Buffer.compare(one.reveal(), other.reveal()) === 0
}
