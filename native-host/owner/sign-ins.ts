import { say } from '../../shared/model/said.ts'
import type { References } from '../references/references.ts'
import { Refusal } from '../refusal.ts'
import type { Upstream } from '../upstream/send.ts'
import type { VaultKeys } from '../vault/keys.ts'
import { type Authorization, beginAuthorization } from './authorize.ts'
import type { OwnerContext } from './context.ts'

interface SignIn {
  readonly done: Authorization['done']
  readonly end: AbortController
}

/** What is under way in this process, of one unlocked vault, by service. */
const begun = new WeakMap<VaultKeys, Map<string, SignIn>>()

function signInsOf(keys: VaultKeys): Map<string, SignIn> {
  const known = begun.get(keys)
  if (known !== undefined) return known
  const fresh = new Map<string, SignIn>()
  begun.set(keys, fresh)
  return fresh
}

/**
 * Begin to sign in to a service, in place of what was begun for it before.
 *
 * @returns where the owner says yes. @throws Refusal as `beginAuthorization`.
 */
export async function signIn(
  context: OwnerContext,
  id: string,
  out: { readonly upstream: Upstream; readonly references: References },
): Promise<string> {
  const signIns = signInsOf(context.keys)
  signIns.get(id)?.end.abort(new Refusal('invalid', 'the sign-in was begun anew'))
  const end = new AbortController()
  const { url, done } = await beginAuthorization(context, id, out, end.signal)
  // Whoever asks how it went may come later than its failure.
  done.catch(() => {})
  signIns.set(id, { done, end })
  return url
}

/**
 * Wait until the sign-in that was begun last is over, five minutes at most.
 *
 * @throws Refusal `unknown` where none was begun; `invalid` with why it failed.
 */
export async function signedIn({ keys }: OwnerContext, id: string): Promise<void> {
  const current = signInsOf(keys).get(id)
  if (current === undefined) throw new Refusal('unknown', say`no sign-in to \`${id}\` was begun`)
  await current.done
}
