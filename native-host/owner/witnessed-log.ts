import type { KeptHead } from '../../shared/protocol/native-frames.ts'
import { checkWitness, isRolledBack } from '../audit/rollback.ts'
import { openWitness, sealWitness, vaultTag, type Witness, witnessOf } from '../audit/witness.ts'
import type { BrokerContext } from '../broker/context.ts'

type Vault = Pick<BrokerContext, 'store' | 'keys' | 'now'>

/** What the browser keeps of the log for us, held against it: the part of the log's guard that is not in its database. */
export class WitnessedLog {
  #kept: readonly KeptHead[] = []
  #last: Witness | null = null

  /** Heads the browser kept, of any vaults. To be said before the vault is opened, or it is checked from the next look on. */
  keep(heads: readonly KeptHead[]): void {
    this.#kept = heads
  }

  /**
   * Hold what was kept of this vault against its log. What does not fit is written down in the vault, where it stops every
   * call of every process.
   *
   * @throws Refusal where it does not fit and that cannot be written down: nothing may be sent then.
   */
  check({ store, keys, now }: Vault): void {
    const tag = vaultTag(keys)
    for (const { vault, head } of this.#kept) {
      const witness = vault === tag ? openWitness(keys, head) : null
      if (witness === null) continue
      this.#last = witness
      checkWitness(store, keys, witness, now())
    }
    this.#kept = []
  }

  /**
   * The head of the log for the browser to keep instead of the last one; null where that is still true.
   *
   * SECURITY: null also where the log went back: what shows it must not be forgotten.
   */
  next({ store, keys, now }: Vault): KeptHead | null {
    const last = this.#last
    if (last !== null && !checkWitness(store, keys, last, now())) return null
    if (isRolledBack(store)) return null
    const witness = witnessOf(store, keys, now())
    if (witness === null || witness.mac === last?.mac) return null
    this.#last = witness
    return { vault: vaultTag(keys), head: sealWitness(keys, witness) }
  }
}
