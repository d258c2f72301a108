import type { PageKey, PageKeyMove, PageKeyMoved, PageKeys } from '../../shared/protocol/page-keys.ts'
import type { Owner } from '../ui/owner.ts'
import { refusalText } from '../ui/refusal-text.ts'
import type { TabSite } from './tab-site.ts'

/** What became of the key that was taken out of the page last. */
export interface MovedKey extends PageKeyMoved {
  way: PageKeyMove['into']['way']
}

/** What these orders show, of all that the popup shows. */
interface Shown {
  site: TabSite | null
  pageKeys: PageKeys | null
  movingKey: boolean
  movedKey: MovedKey | null
  moveError: string | null
}

/** The page's state, as far as these orders use it. */
interface Page {
  readonly current: Shown
  set(part: Partial<Shown>): void
}

/** The owner's look at the keys that the page in front holds itself, and their orders on them. No key is ever here. */
export class PageKeyOrders {
  readonly #owner: Pick<Owner, 'send'>
  readonly #page: Page
  readonly #refresh: () => Promise<void>
  /** The last look, for whoever waits for it a moment. A page that hangs keeps it waiting for good. */
  looked: Promise<void> = Promise.resolve()
  /** The last look into databases too, which takes longer. */
  deep: Promise<void> = Promise.resolve()

  /** @param refresh asks the host for everything again. */
  constructor(owner: Pick<Owner, 'send'>, page: Page, refresh: () => Promise<void>) {
    this.#owner = owner
    this.#page = page
    this.#refresh = refresh
  }

  /** Look again. What cannot be looked at holds none. */
  look(): Promise<void> {
    this.looked = this.#look()
    return this.looked
  }

  async #look(): Promise<void> {
    const { site, pageKeys } = this.#page.current
    if (site?.kind !== 'site') return
    const { tabId, origin } = site
    const at = { name: 'page-keys', tabId, origin } as const
    const isFirst = pageKeys === null
    // What is there at once is shown at once; a look again takes nothing away that only a deep one finds.
    if (isFirst) {
      const quick = await this.#owner.send(at).catch(() => null)
      this.#show(site, quick)
      if (quick === null) return
    }
    const deep = this.#owner.send({ ...at, deep: true }).catch(() => null)
    this.deep = deep.then((found) => this.#show(site, found))
    if (!isFirst) await this.deep
  }

  /** An answer about another page than the one in front comes too late. */
  #show(site: TabSite, found: PageKeys | null): void {
    if (this.#page.current.site === site) this.#page.set({ pageKeys: found ?? null })
  }

  /** Be told no more of the keys of a service on this site unasked, or again. */
  async setQuiet(preset: string, quiet: boolean): Promise<void> {
    const { site } = this.#page.current
    if (site?.kind !== 'site') return
    this.#page.set({ moveError: null })
    try {
      await this.#owner.send({ name: 'page-key-quiet', origin: site.origin, preset, quiet })
    } catch (refusal) {
      this.#page.set({ moveError: refusalText(refusal) })
    }
    await this.look()
  }

  /** Take one out of the page. */
  async move(held: PageKey, into: PageKeyMove['into']): Promise<void> {
    const { site, movingKey, pageKeys } = this.#page.current
    const { id, preset, places } = held
    const [place] = places
    if (site?.kind !== 'site' || place === undefined || movingKey) return
    const { tabId, origin } = site
    this.#page.set({ movingKey: true, moveError: null, movedKey: null })
    try {
      const told = { id, preset, place }
      const moved = await this.#owner.send({ name: 'page-key-move', tabId, origin, ...told, into })
      const keys = (pageKeys?.keys ?? []).filter((each) => each !== held)
      this.#page.set({
        movedKey: { ...moved, way: into.way },
        pageKeys: pageKeys === null ? null : { ...pageKeys, keys },
      })
    } catch (refusal) {
      this.#page.set({ moveError: refusalText(refusal) })
    }
    this.#page.set({ movingKey: false })
    await Promise.all([this.look(), this.#refresh()])
  }
}
