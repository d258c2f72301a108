import type { Auth, Service } from '../../shared/model/service.ts'
import type { Permit } from '../audit/permit.ts'
import { recordAct } from '../audit/write-audit.ts'
import { written } from '../audit/written.ts'
import { MINTED, type Minting } from '../auth/minting.ts'
import type { Secrets } from '../auth/scheme.ts'
import { schemeOf } from '../auth/schemes.ts'
import { type KeptToken, rejectToken, type TokenSource } from '../store/minted-tokens.ts'
import type { VaultKeys } from '../vault/keys.ts'
import { Secret } from '../vault/secret.ts'
import { takeToken, takeTokens } from '../vault/take-tokens.ts'
import { allSecrets, type MintContext } from './context.ts'
import { Flights, type UnderWay } from './flights.ts'
import { isGood, madeFrom } from './kept-token.ts'
import { mintToken } from './mint-token.ts'
import { Refused } from './refused.ts'
import { sourceOf } from './sources.ts'

/** What a call is sent with. */
export interface Ready {
  /** Of the service, and the minted token where its scheme wants one. All of it is looked for in the response. */
  readonly secrets: Secrets
  /**
   * To be called where the service answers 401: gives the token up, so that `secretsFor` gets another. False where that
   * would be no use: nothing was minted, or the token was made for this very call.
   */
  readonly giveUp: () => boolean
}

/** What is under way and what was refused of late, of one unlocked vault. */
interface Desk {
  readonly flights: Flights<KeptToken>
  readonly refused: Refused
}

const desks = new WeakMap<VaultKeys, Desk>()

function deskOf(keys: VaultKeys): Desk {
  const known = desks.get(keys)
  if (known !== undefined) return known
  const fresh = { flights: new Flights<KeptToken>(), refused: new Refused() }
  desks.set(keys, fresh)
  return fresh
}

/**
 * The secrets of a service for one permitted call: those that are stored and, where its scheme sends a minted token, a good
 * one, asked for where there is none. Many calls that wait ask once, in all processes.
 *
 * @throws Problem `credential-unavailable` where no token is to be had, `audit-failed`; the signal's reason; Refusal as
 *   `takeSecrets`.
 */
export async function secretsFor(
  context: MintContext,
  permit: Permit,
  service: Service,
  auth: Auth,
  signal: AbortSignal,
): Promise<Ready> {
  const { minting, ready } = schemeOf(auth)
  await ready?.()
  if (minting === undefined) return { secrets: knownSecrets(context, permit, service), giveUp: () => false }
  return withToken(context, permit, service, { auth, minting }, signal)
}

async function withToken(
  context: MintContext,
  permit: Permit,
  service: Service,
  { auth, minting }: { auth: Auth; minting: Minting<Auth> },
  signal: AbortSignal,
): Promise<Ready> {
  const { store, keys, now } = context
  const from = sourceOf(service, auth)
  // In one read: a token, and the secrets that it must have been made from.
  const { kept, digest } = store.snapshot(() => ({
    kept: takeToken(store, keys, permit, from),
    digest: madeFrom(keys, auth, allSecrets(context, permit, service.id)),
  }))
  // SECURITY: not by the secrets: a refresh token changes with each minting, and what is known of 401 would be forgotten.
  const place = JSON.stringify([from.service, from.source])
  const { flights, refused } = deskOf(keys)
  const ask = (underWay: UnderWay) => mintToken(context, { permit, service, auth, minting, from }, underWay)
  const isOld = kept !== null && isGood(kept, digest, now())
  const { token } = isOld
    ? kept
    : await flights.join(`${place} ${digest}`, signal, (underWay) =>
        refused.unlessOfLate(place, digest, now, () => ask(underWay)),
      )
  const giveUp = () => {
    if (!isOld) refused.noHelp(place, token, now())
    else if (refused.mayHelp(place, token, now())) return reject(context, from, token)
    return false
  }
  const secrets = knownSecrets(context, permit, service).set(MINTED, new Secret(Buffer.from(token)))
  return { secrets, giveUp }
}

function reject({ store, keys, now }: MintContext, from: TokenSource, token: string): true {
  written(() =>
    store.transaction(() => {
      if (rejectToken(store, keys, from, token))
        recordAct(store, keys, { act: 'token.give-up', subject: from.service, by: 'call', now: now() })
    }),
  )
  return true
}

/** What is stored, and every token of any path of the service: also one that was replaced must not come back. */
function knownSecrets(context: MintContext, permit: Permit, service: Service): Map<string, Secret> {
  const { store, keys } = context
  // Nearly all services mint nothing: theirs are one read by itself.
  if (service.auth.every(({ auth }) => schemeOf(auth).minting === undefined))
    return allSecrets(context, permit, service.id)
  return store.snapshot(() => {
    const secrets = allSecrets(context, permit, service.id)
    const tokens = takeTokens(store, keys, permit, service.id)
    for (const [nth, token] of tokens.entries()) secrets.set(`${MINTED} ${nth}`, token)
    return secrets
  })
}
