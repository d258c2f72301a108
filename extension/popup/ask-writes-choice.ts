import { useState } from 'preact/hooks'
import type { Capability } from '../../shared/model/capability.ts'
import { mayWrite } from '../../shared/model/reading.ts'
import { changesThings } from '../ui/capability-words.ts'
import { useCatalogue } from '../ui/catalogue.ts'
import type { OwnerSnapshot } from '../ui/owner-view.ts'
import type { AskWrites } from '../ui/settings.ts'

/** A pair of origins that something is given to. */
interface Place {
  origin: string
  topOrigin: string
}

/** Whether the owner wants to be asked before each change, as it stands on a form. */
export interface AskWritesChoice {
  /** Undefined where that is not asked: the capability only reads. */
  askWrites: boolean | undefined
  choose: (askWrites: boolean) => void
}

/**
 * The owner's word on being asked before each change, for each capability by itself: what they have ticked here, else as it
 * {@link begins}.
 */
export function useAskWrites(
  capability: Capability | undefined,
  place: Place,
  owner: Pick<OwnerSnapshot, 'grants' | 'services'>,
  setting: AskWrites,
): AskWritesChoice {
  const presets = useCatalogue()
  const [chosen, setChosen] = useState<Record<string, boolean>>({})
  if (capability === undefined || !mayWrite(capability)) return { askWrites: undefined, choose: () => {} }
  const { id } = capability
  return {
    askWrites: chosen[id] ?? begins(capability, place, owner, { setting, presets }),
    choose: (askWrites) => setChosen({ ...chosen, [id]: askWrites }),
  }
}

/** How the box stands before anybody touches it: as the site has it already, else as the settings say. */
export function begins(
  capability: Capability,
  { origin, topOrigin }: Place,
  owner: Pick<OwnerSnapshot, 'grants' | 'services'>,
  { setting, presets }: { setting: AskWrites; presets: Parameters<typeof changesThings>[2] },
): boolean {
  // SECURITY: connecting a site once more must not take back in silence what its owner had wished for it.
  const had = owner.grants?.findLast(
    (grant) => grant.capability === capability.id && grant.origin === origin && grant.topOrigin === topOrigin,
  )
  if (had !== undefined) return had.askWrites
  const service = owner.services?.find(({ id }) => id === capability.service)
  return setting === 'always' || (setting === 'changes' && changesThings(capability, service, presets))
}
