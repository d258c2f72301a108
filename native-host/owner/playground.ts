import { randomBytes } from 'node:crypto'
import type { PlaygroundPlace } from '../../shared/protocol/playground-commands.ts'
import { type Playground, servePlayground } from '../playground/serve-playground.ts'
import { readPlayground, type ServedPlayground, writePlayground } from '../sessions/served-playground.ts'
import { isHeld, Lease } from '../store/lease.ts'
import type { VaultKeys } from '../vault/keys.ts'
import { checkNotLocked } from '../vault/lock.ts'
import type { OwnerContext } from './context.ts'
import { forgetLeftPlayground, forgetPlayground } from './forget-playground.ts'
import { addPlaygroundService, CAPABILITY, playgroundService, SERVICE } from './playground-service.ts'
import * as sites from './sites.ts'

/** What this process serves. */
interface Serving {
  readonly playground: ServedPlayground
  readonly lease: Lease
  readonly page: Playground
}

/** Playgrounds of this process, of one unlocked vault. */
const open = new WeakMap<VaultKeys, Serving>()
/** The opening that is under way. */
const opening = new WeakMap<VaultKeys, Promise<unknown>>()

/**
 * Open the playground in this process, or say where it is open already, here or in another process: a vault has one. It comes
 * with a service of its own, whose key is made for it and known to nobody else.
 *
 * @throws Refusal `exists` where the owner has a service or a capability of that name.
 */
export async function openPlayground(context: OwnerContext): Promise<PlaygroundPlace> {
  await opening.get(context.keys)?.catch(() => {})
  const opened = openOnce(context)
  opening.set(context.keys, opened)
  const { url, origin } = await opened
  return { url, origin, service: SERVICE, capability: CAPABILITY }
}

async function openOnce(context: OwnerContext): Promise<ServedPlayground> {
  const standing = standingPlayground(context)
  if (standing !== null) return standing
  closePlayground(context)
  const key = `sk-playground-${randomBytes(24).toString('base64url')}`
  // SECURITY: the lease before the port, and given back before it: whoever finds it held knows that the port is ours.
  const lease = Lease.take(context.store)
  let page: Playground | null = null
  try {
    page = await servePlayground({
      key,
      reaches: (origin) =>
        sites.view(context, { origin, topOrigin: origin }).sessions.flatMap((it) => it.baseUrls),
      onIdle: () => closeOwn(context),
    })
    return settle(context, { page, lease, key })
  } catch (failure) {
    lease.release()
    page?.close()
    throw failure
  }
}

/** Write down that this process serves it; where another was faster, theirs is the one. */
function settle(
  context: OwnerContext,
  { page, lease, key }: { page: Playground; lease: Lease; key: string },
): ServedPlayground {
  const { origin, url, modelUrl } = page
  const own = { lease: lease.id, origin, url, modelUrl }
  const settled = context.store.transaction(() => {
    const standing = standingPlayground(context)
    if (standing !== null) return standing
    forgetLeftPlayground(context)
    addPlaygroundService(context, modelUrl, key)
    writePlayground(context.store, context.keys, own)
    return own
  })
  if (settled === own) open.set(context.keys, { playground: own, lease, page })
  else end({ lease, page })
  return settled
}

/** The one that a process serves, with its service; null where there is none. */
function standingPlayground(context: OwnerContext): ServedPlayground | null {
  const found = readPlayground(context.store, context.keys)
  if (found === null || !isHeld(context.store, found.lease)) return null
  return playgroundService(context)?.baseUrls.includes(found.modelUrl) ? found : null
}

/** True while this process serves it, as far as it knows: another may have closed it, see {@link tidyPlayground}. */
export function servesPlayground({ keys }: Pick<OwnerContext, 'keys'>): boolean {
  return open.has(keys)
}

/**
 * Take back what was given to the page of the playground, and close it: one that another process serves is closed by that one
 * as soon as it notices.
 *
 * @throws Refusal as `Store.urgently` does: then it stays open.
 */
export function closePlayground(context: OwnerContext): void {
  closeOwn(context)
  const found = readPlayground(context.store, context.keys)
  if (found !== null) forgetPlayground(context, found)
  forgetLeftPlayground(context)
}

function closeOwn(context: OwnerContext): void {
  const serving = open.get(context.keys)
  if (serving === undefined) return
  // SECURITY: before the port is anybody's.
  forgetPlayground(context, serving.playground)
  open.delete(context.keys)
  end(serving)
}

// SECURITY: in this order. What is held without its port would speak for whoever has the port next.
function end({ lease, page }: Pick<Serving, 'lease' | 'page'>): void {
  lease.release()
  page.close()
}

/** The same for what this process serves, at an end that nothing may hold up: of a vault that is locked by now, everything stays as it is. */
export function leavePlayground(context: OwnerContext): void {
  const serving = open.get(context.keys)
  if (serving === undefined) return
  try {
    checkNotLocked(context.store, context.keys)
    closeOwn(context)
  } catch {
    // What is left gives nobody anything, and is forgotten by whoever has the vault open next.
    open.delete(context.keys)
    end(serving)
  }
}

/**
 * Put in order what other processes have done: close what this one serves where another has taken it back, and forget what one
 * has left.
 *
 * @returns whether anything was done. @throws Refusal as `closePlayground`.
 */
export function tidyPlayground(context: OwnerContext): boolean {
  const found = readPlayground(context.store, context.keys)
  const own = open.get(context.keys)
  const isClosed = own !== undefined && found?.lease !== own.lease.id
  // SECURITY: with what its page was given since it was taken back.
  if (isClosed) closeOwn(context)
  if (found === null || found.lease === own?.lease.id || isHeld(context.store, found.lease)) return isClosed
  return forgetLeftPlayground(context) || isClosed
}
