import type { SiteSession, SiteView } from '../../shared/model/site.ts'
import type { HostCommands } from './host-commands.ts'
import type { HostPort } from './host-port.ts'
import type { PageDocument } from './page-document.ts'

/** How long changes are gathered before it is looked whose session is over, in milliseconds. */
const GATHER_MS = 200

/** The sessions that pages were told of by the provider: each page is told once when one of them is over. */
export class ToldSessions {
  readonly #commands: Pick<HostCommands, 'send'>
  readonly #told = new Map<PageDocument, SiteSession[]>()
  #gathering: ReturnType<typeof setTimeout> | undefined

  constructor(host: Pick<HostPort, 'state' | 'onChanged'>, commands: Pick<HostCommands, 'send'>) {
    this.#commands = commands
    host.onChanged.add(() => this.#follow(host))
  }

  /** Remember what a page is told now, where it is still there to be told more. @returns the same. */
  keep(document: PageDocument, sessions: SiteSession[]): SiteSession[] {
    if (document.isGone) return sessions
    const others = (this.#told.get(document) ?? []).filter((old) => !sessions.some((one) => isSame(one, old)))
    const all = [...others, ...sessions]
    if (all.length > 0) this.#told.set(document, all)
    return sessions
  }

  /** A document is gone. */
  forget(document: PageDocument): void {
    this.#told.delete(document)
  }

  /** Everything a page was told of is over for it. */
  end(document: PageDocument): void {
    for (const session of this.#told.get(document) ?? []) tellOver(document, session)
    this.forget(document)
  }

  /** A lock ends no session: only an open vault can say that one is over. */
  #follow({ state }: Pick<HostPort, 'state'>): void {
    if (state.vault !== 'unlocked' || this.#told.size === 0) return
    this.#gathering ??= setTimeout(() => {
      this.#gathering = undefined
      void Promise.all([...this.#told.keys()].map((document) => this.#look(document)))
    }, GATHER_MS)
  }

  async #look(document: PageDocument): Promise<void> {
    if (document.witnessed === null) return
    const { origin, topOrigin } = document.witnessed
    const view = await this.#commands
      .send({ name: 'site-view', origin, topOrigin })
      .catch((): SiteView | null => null)
    const told = this.#told.get(document)
    if (view === null || told === undefined) return
    const isLive = (old: SiteSession) => view.sessions.some((one) => isSame(one, old))
    this.#told.set(document, told.filter(isLive))
    for (const session of told) {
      if (!isLive(session)) tellOver(document, session)
    }
  }
}

function tellOver(document: PageDocument, session: SiteSession): void {
  document.send({ type: 'provided', id: 0, value: session })
}

/** A session of the same capability that ends at another time is another one. */
function isSame(one: SiteSession, other: SiteSession): boolean {
  return one.capability === other.capability && one.expiresAt === other.expiresAt
}
