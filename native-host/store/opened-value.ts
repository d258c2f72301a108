import type * as z from 'zod/mini'
import type { VaultKeys } from '../vault/keys.ts'
import { openJson, sealJson } from './sealed-json.ts'

interface Opened<T> {
  readonly sealed: Uint8Array
  readonly value: T
}

/**
 * A sealed value of which there is one in a vault, and which each call looks at: the bytes that were opened or sealed last are not
 * opened again.
 */
export class OpenedValue<T extends object> {
  readonly #place: string
  readonly #schema: z.ZodMiniType<T>
  readonly #byKeys = new WeakMap<VaultKeys, Opened<T>>()

  constructor(place: string, schema: z.ZodMiniType<T>) {
    this.#place = place
    this.#schema = schema
  }

  /** As `openJson`; every reader has the same object, frozen. @throws Refusal `store-damaged`. */
  open(keys: VaultKeys, sealed: Uint8Array): Readonly<T> {
    const known = this.#byKeys.get(keys)
    // SECURITY: every sealed byte: what was changed from outside is opened, and refused.
    if (known !== undefined && Buffer.compare(known.sealed, sealed) === 0) return known.value
    return this.#keep(keys, sealed, openJson(keys, this.#place, this.#schema, sealed))
  }

  /** As `sealJson`. Where what is sealed here is never written, it is never read either. @throws Refusal `invalid`. */
  seal(keys: VaultKeys, value: T): Uint8Array {
    const sealed = sealJson(keys, this.#place, this.#schema, value)
    this.#keep(keys, sealed, { ...value })
    return sealed
  }

  #keep(keys: VaultKeys, sealed: Uint8Array, value: T): T {
    this.#byKeys.set(keys, { sealed, value: Object.freeze(value) })
    return value
  }
}
