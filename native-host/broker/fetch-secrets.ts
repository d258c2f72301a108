import { helperOf } from '../../shared/model/reference.ts'
import type { Auth } from '../../shared/model/service.ts'
import { optionalSecretNames, secretNames } from '../../shared/presets/secret-names.ts'
import type { Permit } from '../audit/permit.ts'
import type { Secrets } from '../auth/scheme.ts'
import { Problem } from '../problem.ts'
import { ReferenceFault } from '../references/fault.ts'
import type { HeldValue } from '../references/kept-value.ts'
import { PackedReference } from '../references/packed-reference.ts'
import type { References } from '../references/references.ts'
import type { Store } from '../store/store.ts'
import type { VaultKeys } from '../vault/keys.ts'
import type { Secret } from '../vault/secret.ts'
import { takeReferences, takeSecrets } from '../vault/take-secrets.ts'
import { REDACTION_FLOOR } from './reflections.ts'

/** What fetching works with. */
export interface FetchingContext {
  readonly store: Store
  readonly keys: VaultKeys
  readonly references: References
  /** True: also what could not be fetched a moment ago is fetched. Somebody waits who may just have mended it. */
  readonly afresh?: boolean
}

/** A secret that lives elsewhere, as fetched for one call. */
interface Fetched {
  readonly name: string
  readonly packed: PackedReference
  readonly input: Uint8Array | null
  held: HeldValue
}

/** The secrets from elsewhere of one call. */
export class FetchedSecrets {
  readonly #fetched: Fetched[]
  readonly #references: References
  readonly #former: Secret[]
  #isRenewed = false

  /** Made by {@link fetchSecrets}. */
  constructor(fetched: Fetched[], others: readonly Secret[], references: References) {
    this.#former = [...others]
    this.#fetched = fetched
    this.#references = references
  }

  /** By name: what is known beside, and what was fetched. */
  with(secrets: Secrets): Secrets {
    return new Map([...secrets, ...this.#fetched.map(({ name, held }) => [name, held.secret] as const)])
  }

  /** What may come back in a response beside those: values that were replaced, and those of the service's other paths. */
  get former(): readonly Secret[] {
    return [...this.#former, ...this.#fetched.flatMap(({ held }) => held.former)]
  }

  /**
   * The service refused the call: fetch again what was not fetched for this call, once.
   *
   * @returns true where some secret is another now, so that the call is worth sending again. False also where one cannot be
   *   fetched: the service's own answer says enough.
   * @throws the signal's reason.
   */
  async renew(signal: AbortSignal): Promise<boolean> {
    if (this.#isRenewed) return false
    this.#isRenewed = true
    let hasChanged = false
    for (const each of this.#fetched) {
      if (each.held.isFresh) continue
      const other = await this.#other(each, signal)
      if (other === null) continue
      this.#former.push(each.held.secret)
      each.held.release()
      each.held = other
      hasChanged = true
    }
    return hasChanged
  }

  async #other({ packed, held, input }: Fetched, signal: AbortSignal): Promise<HeldValue | null> {
    try {
      return checked(await this.#references.holdOther(packed, held.secret, input, signal))
    } catch (error) {
      if (error instanceof ReferenceFault || error instanceof Problem) return null
      throw error
    }
  }

  /** The service refused a call that cannot be sent again: the next one fetches anew what this one did not fetch. */
  expire(): void {
    for (const { held, packed } of this.#fetched) if (!held.isFresh) this.#references.expire(packed)
  }

  /** The call is over. Harmless twice. */
  release(): void {
    for (const { held } of this.#fetched) held.release()
  }
}

/**
 * For one call that is permitted, those secrets of its service that live elsewhere and that its scheme sends. `release` them
 * when the call is over.
 *
 * @throws Problem `credential-unavailable` with the fault's reason; the signal's reason; Refusal as `takeSecrets`.
 */
export async function fetchSecrets(
  context: FetchingContext,
  permit: Permit,
  service: string,
  auth: Auth,
  signal: AbortSignal,
): Promise<FetchedSecrets> {
  const { store, keys, references } = context
  const elsewhere = takeReferences(store, keys, permit, service)
  const stored = elsewhere.size === 0 ? new Map() : takeSecrets(store, keys, permit, service)
  const needed = [...secretNames([{ auth }]), ...optionalSecretNames([{ auth }])]
  const fetched: Fetched[] = []
  try {
    for (const [name, bytes] of elsewhere) {
      if (needed.includes(name)) fetched.push(await fetchOne(name, bytes, stored, context, signal))
    }
  } catch (error) {
    for (const { held } of fetched) held.release()
    if (error instanceof ReferenceFault) throw new Problem('credential-unavailable', error.reason)
    throw error
  }
  const others = [...elsewhere].filter(([name]) => !needed.includes(name))
  const known = others.flatMap(([, bytes]) => references.known(PackedReference.unpack(bytes)))
  return new FetchedSecrets(fetched, known, references)
}

async function fetchOne(
  name: string,
  bytes: Uint8Array,
  stored: Secrets,
  { references, afresh }: FetchingContext,
  signal: AbortSignal,
): Promise<Fetched> {
  const packed = PackedReference.unpack(bytes)
  const helper = helperOf(packed.reference)
  const input = helper === null ? null : (stored.get(helper)?.reveal() ?? null)
  if (helper !== null && input === null) throw new ReferenceFault('reference-no-helper')
  return { name, packed, input, held: checked(await references.hold(packed, input, signal, afresh)) }
}

// SECURITY: a value too short to be found in a response is not sent: it could come back in it.
function checked<H extends HeldValue | null>(held: H): H {
  if (held !== null && held.secret.reveal().length < REDACTION_FLOOR) {
    held.release()
    throw new ReferenceFault('reference-unusable')
  }
  return held
}
