import type { Service } from '../../shared/model/service.ts'
import { readPlayground, removePlayground, type ServedPlayground } from '../sessions/served-playground.ts'
import { listGrants } from '../store/grants.ts'
import { isHeld } from '../store/lease.ts'
import type { OwnerContext } from './context.ts'
import * as grants from './grants.ts'
import { playgroundService } from './playground-service.ts'
import * as services from './services.ts'

/**
 * Take back what was given to the page of one playground, and its service; what another has that was opened since stays.
 *
 * @throws Refusal as `Store.urgently` does.
 */
export function forgetPlayground(context: OwnerContext, playground: ServedPlayground): void {
  const { store, keys } = context
  store.urgently(() => {
    // By its own origin: its service may be gone, and its page have others.
    removeGrantsAt(context, [playground.origin])
    const service = playgroundService(context)
    if (service?.baseUrls.includes(playground.modelUrl)) services.remove(context, service.id)
    if (readPlayground(store, keys)?.lease === playground.lease) removePlayground(store)
  })
}

/**
 * The same for what no process serves any more: one was killed, or its vault was locked before it could take it back.
 *
 * @returns false where there was nothing to forget; then nothing is written. @throws as `forgetPlayground`.
 */
export function forgetLeftPlayground(context: OwnerContext): boolean {
  if (leftIn(context) === null) return false
  return context.store.urgently(() => {
    // Another process may have opened one between two reads.
    const left = leftIn(context)
    if (left === null) return false
    if (left.playground !== null) forgetPlayground(context, left.playground)
    if (left.service === null) return true
    removeGrantsAt(
      context,
      left.service.baseUrls.map((url) => new URL(url).origin),
    )
    if (playgroundService(context) !== null) services.remove(context, left.service.id)
    return true
  })
}

/** What there is of a playground that nobody serves; null where there is nothing of the kind. */
function leftIn(
  context: OwnerContext,
): { playground: ServedPlayground | null; service: Service | null } | null {
  const playground = readPlayground(context.store, context.keys)
  if (playground !== null && isHeld(context.store, playground.lease)) return null
  // Without a row it is of an older version, or from a backup: whoever serves one has written down where.
  const service = playgroundService(context)
  return playground === null && service === null ? null : { playground, service }
}

function removeGrantsAt(context: OwnerContext, origins: readonly string[]): void {
  for (const { id, origin, topOrigin } of listGrants(context.store, context.keys)) {
    if (origins.includes(origin) || origins.includes(topOrigin)) grants.remove(context, id)
  }
}
