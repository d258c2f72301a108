import type { PathAuth } from '../../shared/model/service.ts'
import { schemesReady } from '../auth/schemes.ts'
import type { SecretBytes } from '../owner/check-secrets.ts'
import type { OwnerContext } from '../owner/context.ts'
import { enterReferences } from '../owner/enter-references.ts'
import { tryReferences } from '../owner/try-references.ts'
import { fetchUnregistered } from '../references/fetch-here.ts'
import { fetcher } from '../references/fetcher.ts'
import { PackedReference } from '../references/packed-reference.ts'
import { createUpstream } from '../upstream/send.ts'
import type { ReferenceOptions } from './gather-references.ts'

/**
 * Save secrets of a service: those that live elsewhere are fetched once before, unless the owner does not want that, and
 * entered as the owner's own after.
 *
 * @param save stores them. @throws Refusal `invalid` where one cannot be fetched or sent; whatever `save` throws.
 */
export async function saving<T>(
  context: OwnerContext,
  home: string,
  auth: readonly PathAuth[],
  secrets: SecretBytes,
  options: ReferenceOptions,
  save: () => T,
): Promise<T> {
  await schemesReady(auth)
  const hasReferences = [...secrets.values()].some((each) => each instanceof PackedReference)
  if (hasReferences && options.try !== false) {
    const upstream = createUpstream({})
    try {
      await tryReferences(auth, secrets, fetcher(fetchUnregistered, upstream))
    } finally {
      await upstream.close()
    }
  }
  const saved = save()
  if (hasReferences) enterReferences(context, home, secrets)
  return saved
}
