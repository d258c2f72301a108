import { useEffect, useState } from 'preact/hooks'
import type { CapabilityEdit } from '../../../shared/model/capability-edit.ts'
import type { Grant } from '../../../shared/model/grant.ts'
import type { ExplainedCall } from '../../../shared/protocol/capability-commands.ts'
import type { Owner } from '../../ui/owner.ts'
import { refusalText } from '../../ui/refusal-text.ts'

/** Nobody types two letters as far apart as this, in milliseconds. */
const PAUSE_MS = 150

/** A call that an owner tries. */
export interface TriedCall {
  method: string
  url: string
  /** Empty for none. */
  body: string
  /** The site that makes it; null: one whose changes are not asked about. */
  grant: Grant | null
}

/** What would be decided, or a sentence that says why that cannot be told. Null while there is nothing to tell. */
export type Explained = { call: ExplainedCall } | { trouble: string } | null

/**
 * What a capability would decide about a call, asked of the host each time one of them changes.
 *
 * @param call null: nothing is tried. @param edit what is being changed and not saved; null for nothing.
 */
export function useExplained(
  owner: Pick<Owner, 'send'>,
  capability: string,
  call: TriedCall | null,
  edit: CapabilityEdit | null,
): Explained {
  const [explained, setExplained] = useState<Explained>(null)
  const key = JSON.stringify([capability, call, edit])
  useEffect(() => {
    if (call === null) return setExplained(null)
    // An answer to what was typed before must not stand beside what is there now.
    let wanted = true
    const timer = setTimeout(async () => {
      const answer = await ask(owner, capability, call, edit)
      if (wanted) setExplained(answer)
    }, PAUSE_MS)
    return () => {
      wanted = false
      clearTimeout(timer)
    }
  }, [owner, key])
  return explained
}

async function ask(
  owner: Pick<Owner, 'send'>,
  capability: string,
  { method, url, body, grant }: TriedCall,
  edit: CapabilityEdit | null,
): Promise<Explained> {
  const parts = {
    ...(body === '' ? {} : { body }),
    ...(edit === null ? {} : { edit }),
    ...(grant === null ? {} : { grant: grant.id }),
  }
  try {
    return { call: await owner.send({ name: 'explain', capability, method, url, ...parts }) }
  } catch (refusal) {
    return { trouble: refusalText(refusal) }
  }
}
