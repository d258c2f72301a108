import { PackedReference } from '../references/packed-reference.ts'
import { enterReferences as enter } from '../references/registry.ts'
import { listReferences, listServices } from '../store/services.ts'
import type { SecretBytes } from './check-secrets.ts'
import type { OwnerContext } from './context.ts'

/**
 * Say that the owner entered these references on this machine, after they were stored, and forget those that are no longer
 * stored. Only an order from the command line may: a browser's host cannot write there.
 *
 * @param secrets what was stored; those with bytes of their own do not matter.
 * @throws Refusal `invalid`; the system's error where the registry cannot be written: the references are not fetched then.
 */
export function enterReferences(context: OwnerContext, home: string, secrets: SecretBytes): void {
  const { store, keys } = context
  const fresh = [...secrets.values()].filter((each) => each instanceof PackedReference)
  store.transaction(() => {
    const services = listServices(store, keys)
    const stored = services.flatMap(({ id }) => [...listReferences(store, keys, id).values()])
    enter(
      home,
      fresh,
      stored.map((bytes) => PackedReference.unpack(bytes)),
    )
  })
}
