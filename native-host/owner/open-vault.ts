import type { PageContext } from '../broker/context.ts'
import { Inventory } from '../broker/inventory.ts'
import { ParkedCalls } from '../broker/parked-calls.ts'
import { closeRefusals } from '../broker/refuse.ts'
import { ProcessWatch } from '../budgets/processes.ts'
import { type Fetch, fetcher } from '../references/fetcher.ts'
import { References } from '../references/references.ts'
import { Live } from '../sessions/live.ts'
import { Presence, type PresentHost } from '../sessions/presence.ts'
import type { Store } from '../store/store.ts'
import { createUpstream, type UpstreamOptions } from '../upstream/send.ts'
import type { VaultKeys } from '../vault/keys.ts'
import { pause } from './pause.ts'
import { leavePlayground } from './playground.ts'
import { PlaygroundWatch } from './playground-watch.ts'

/** What an open vault is worked with. */
export interface OpenVaultOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly upstream: UpstreamOptions
  /** Gets the secrets that live elsewhere and need a program or a file. */
  readonly fetch: Fetch
  /** What other processes are told of this one. */
  readonly present: () => PresentHost
}

/** What an open vault tells its door. */
export interface OpenVaultEvents {
  /** Sessions, grants, services or capabilities may have changed. */
  change(): void
  /** Only counts changed. */
  activity(): void
  /** The vault was locked somewhere. */
  lock(): void
  /** Nobody has used it for as long as it stays open then. */
  unused(): void
}

/** The vault while one process has it open: everything a broker needs, and whatever watches beside it. */
export class OpenVault {
  readonly context: PageContext
  readonly presence: Presence
  readonly #watches: readonly { close(): void }[]

  constructor(store: Store, keys: VaultKeys, options: OpenVaultOptions, events: OpenVaultEvents) {
    const { now } = options
    const inventory = new Inventory(store, keys)
    const upstream = createUpstream(options.upstream)
    // When the browser has its first frame, which waits for none of it.
    setImmediate(() => void upstream.warm().catch(() => {}))
    const parked = new ParkedCalls({ store, keys, now })
    const live = this.#live({ store, keys, now }, events, {
      change: () => {
        inventory.forget()
        parked.look()
      },
      ended: (session) => upstream.drop(session),
    })
    const owner = { store, keys, now, by: 'extension' as const }
    this.presence = new Presence(owner, options.present)
    this.#watches = [
      this.presence,
      new ProcessWatch(owner),
      // This process's own commits do not show in `data_version`.
      new PlaygroundWatch(owner, () => live.refresh()),
    ]
    const references = new References(fetcher(options.fetch, upstream), now)
    this.context = { store, keys, inventory, live, upstream, references, parked, now }
  }

  /** End all that is in flight and all that watches. The database stays open: it is the door's. */
  close(): void {
    const { live, parked, references, upstream } = this.context
    leavePlayground({ ...this.context, by: 'extension' })
    for (const watch of this.#watches) watch.close()
    live.close()
    closeRefusals(this.context)
    parked.close()
    references.close()
    void upstream.close()
  }

  #live(
    vault: { store: Store; keys: VaultKeys; now: () => number },
    events: OpenVaultEvents,
    on: { change: () => void; ended: (session: string) => void },
  ): Live {
    return new Live(vault, {
      ...on,
      lists: () => events.change(),
      activity: () => events.activity(),
      used: (session) => this.presence.use(session),
      lock: () => events.lock(),
      unused: () => events.unused(),
      pause: () => pause({ ...vault, by: 'extension' }),
    })
  }
}
