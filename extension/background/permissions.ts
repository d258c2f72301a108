import browser from 'webextension-polyfill'
import { allGrants } from '../ui/all-grants.ts'
import { permissionPatternOf } from '../ui/match-pattern.ts'
import { forgetOtherLists, rememberedLists } from './catch-memory.ts'
import { injectIntoTabsOf, registeredOrigins, registerOrigins } from './content-scripts.ts'
import type { Documents } from './documents.ts'
import { EarlyScripts } from './early-scripts.ts'
import { CommandRefusal, type HostCommands } from './host-commands.ts'
import type { HostPort } from './host-port.ts'
import type { OwedRevocations } from './owed-revocations.ts'
import { siteOf } from './pattern-site.ts'
import { permitted } from './permitted.ts'
import { forgetOtherQuietKeys, quietSites } from './quiet-keys.ts'
import { Serial } from './serial.ts'
import { recallServed, rememberServed } from './served-memory.ts'

/** How long changes are gathered before grants are asked for again, in milliseconds. */
const GATHER_MS = 300

interface Parts {
  host: HostPort
  commands: HostCommands
  documents: Documents
  owed: OwedRevocations
}

/**
 * Keeps three things in step: the browser's permissions (the browser's truth), the grants (the host's truth), and the
 * origins our scripts are registered for: those that have both, and those whose grant is being made.
 */
export class Permissions {
  readonly #parts: Parts
  readonly #serial = new Serial()
  readonly #early = new EarlyScripts(this.#serial)
  /** Origins whose withdrawal is written down, or being so, and that are not permitted again. */
  readonly #noted = new Map<string, Promise<void>>()
  #hasAny = false
  #gathering: ReturnType<typeof setTimeout> | undefined

  constructor(parts: Parts) {
    this.#parts = parts
    parts.host.onChanged.add(() => this.#hostChanged())
  }

  /** Whether the owner permitted any site in this browser. False until `start` or `reconcile` has looked. */
  get hasAny(): boolean {
    return this.#hasAny
  }

  /** Look at what the browser permits, and start the host where there is something to be done for it. */
  async start(): Promise<void> {
    await this.reconcile()
    if (this.#hasAny) await this.#parts.host.open()
  }

  /** Register our scripts for the origins that are both granted and permitted, and bring them into open tabs. */
  async reconcile(): Promise<void> {
    await this.#serial.run(async () => {
      const { origins = [] } = await browser.permissions.getAll()
      this.#hasAny = origins.length > 0
      const [lists, quiet] = [await rememberedLists(), await quietSites()]
      const [had, granted] = [await this.#served(), await this.#granted()]
      const kept = new Set(await permitted(new Set([...had, ...(granted ?? [])])))
      // SECURITY: scripts are taken off below, and with them the trace that there was a permission. Only when it is written down.
      await this.#end(had.filter((origin) => !kept.has(origin)))
      const early = this.#early.origins
      const stand = granted ?? [...(await standing())].filter((origin) => !early.has(origin))
      const served = [...stand].filter((origin) => kept.has(origin))
      await rememberServed(served)
      const added = await registerOrigins([...served, ...[...early].filter((origin) => kept.has(origin))])
      // SECURITY: a list that is forgotten lets placeholders out. Only an open vault says whose grants are gone.
      const live = new Set([...served, ...this.#parts.documents.table.originsWithList])
      if (granted !== null) await forgetOtherLists(lists, live)
      if (granted !== null) await forgetOtherQuietKeys(quiet, granted)
      await this.readmit()
      await Promise.all(added.map(injectIntoTabsOf))
    })
  }

  /**
   * Make a grant for an origin that the browser permits, with our scripts registered for it before it is asked for: what is
   * shown as connected then is, for a page that loads at that moment too. They are taken off again where no grant comes of it.
   *
   * @throws whatever `grant` does.
   */
  async serveAhead<T>(origin: string, grant: () => Promise<T>): Promise<T> {
    await this.#early.put(origin)
    try {
      const granted = await grant()
      this.#early.granted(origin)
      await this.reconcile()
      return granted
    } catch (error) {
      await this.#early.refused(origin)
      throw error
    }
  }

  /**
   * The browser says that permissions were taken away: end what stood on them, at once and not in turn.
   *
   * @param patterns those that were: of a tab's site it may be the only trace, where scripts are for the frames in it alone.
   */
  async withdrawn(patterns: readonly string[] = []): Promise<void> {
    const had = [...(await this.#served()), ...this.#underAny(patterns)]
    const kept = new Set(await permitted(new Set(had)))
    await this.#end(had.filter((origin) => !kept.has(origin)))
    await Promise.all([this.#parts.owed.demand(), this.reconcile()])
  }

  /**
   * Let in again what was withdrawn and is permitted now. Before a new grant is made: of one that is withdrawn right after it,
   * it must be known that this is another time.
   */
  async readmit(): Promise<void> {
    const { documents } = this.#parts
    // SECURITY: asked now, not taken from what was looked up before: the owner may have withdrawn it in between.
    const back = await permitted(new Set([...documents.withdrawn, ...this.#noted.keys()]))
    for (const origin of back) this.#noted.delete(origin)
    documents.readmit(back)
  }

  /** Origins the browser gave a permission for: our scripts are, or were, registered for them, or in a document of theirs. */
  async #served(): Promise<string[]> {
    return [...new Set([...(await standing()), ...this.#parts.documents.table.origins])]
  }

  /** Origins and top origins of documents that stood on one of these permissions, and the site that each is for. */
  #underAny(patterns: readonly string[]): string[] {
    const removed = new Set(patterns)
    const sites = patterns.flatMap((pattern) => siteOf(pattern) ?? [])
    return [
      ...sites,
      ...this.#parts.documents.table.places.filter((place) => removed.has(permissionPatternOf(place))),
    ]
  }

  /** @returns when it is written down that the host is to end it too. It is ordered then, and not waited for. */
  async #end(lost: readonly string[]): Promise<void> {
    if (lost.length === 0) return
    const { documents, owed } = this.#parts
    documents.banish(lost)
    await Promise.all(lost.map((origin) => this.#note(origin)))
    // What fails is owed on.
    void owed.demand().catch(() => {})
  }

  /** Once for each withdrawal: a second time might end what the owner granted anew meanwhile. One that failed was none. */
  #note(origin: string): Promise<void> {
    const failed = (error: unknown) => {
      this.#noted.delete(origin)
      throw error
    }
    const noted = this.#noted.get(origin) ?? this.#parts.owed.note(origin).catch(failed)
    this.#noted.set(origin, noted)
    return noted
  }

  #hostChanged(): void {
    this.#gathering ??= setTimeout(() => {
      this.#gathering = undefined
      void this.reconcile()
    }, GATHER_MS)
  }

  /** The origins that have a grant; null while the host cannot tell: what is registered stays as it is then. */
  async #granted(): Promise<Set<string> | null> {
    const { host, commands } = this.#parts
    if (host.state.vault !== 'unlocked') return null
    try {
      const grants = await allGrants((command) => commands.send(command))
      return new Set(grants.map(({ origin }) => origin))
    } catch (error) {
      if (error instanceof CommandRefusal) return null
      throw error
    }
  }
}

/** The origins our scripts are registered for, and those that they were before the browser took the registrations away. */
async function standing(): Promise<Set<string>> {
  return new Set([...(await registeredOrigins()), ...(await recallServed())])
}
