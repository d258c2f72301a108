import type { Witnessed } from '../../shared/protocol/native-frames.ts'
import type { PageNotice } from '../../shared/protocol/page-notice.ts'
import type { PageDocument } from './page-document.ts'

/** Most frames of one tab that are looked into. */
const MOST_FRAMES = 16

/** True for a tab's own document and frames of its origin in it: what the tab's site is granted is theirs. */
export function isOwnSite({ origin, topOrigin }: Witnessed): boolean {
  return origin === topOrigin
}

/** The documents with our script in them by their numbers, and what is known of them together. */
export class DocumentTable extends Map<number, PageDocument> {
  /** Origins of documents that are served: the browser gave us a permission for each. */
  get origins(): string[] {
    return this.#served.map(({ origin }) => origin)
  }

  /** Origins of witnessed documents that have URLs to catch. */
  get originsWithList(): string[] {
    const listed = [...this.values()].filter(({ baseUrls }) => (baseUrls ?? []).length > 0)
    return listed.flatMap(({ witnessed }) => witnessed?.origin ?? [])
  }

  /** Origins and top origins of documents that are served. For a top origin there may be no permission. */
  get places(): string[] {
    return this.#served.flatMap(({ origin, topOrigin }) => [origin, topOrigin])
  }

  /** What the owner is to know of the pages in a tab. */
  noticesOf(tabId: number): PageNotice[] {
    const inTab = [...this.values()].filter(({ witnessed }) => witnessed?.tabId === tabId)
    return [...new Set(inTab.flatMap(({ notices }) => [...notices]))]
  }

  /** The frames in a tab, at most {@link MOST_FRAMES}, whose documents are of the origin of the tab's own and served. */
  framesOf(tabId: number, origin: string): number[] {
    const frames = this.#served.filter((each) => {
      return each.tabId === tabId && each.frameId !== 0 && isOwnSite(each) && each.origin === origin
    })
    return [...new Set(frames.map(({ frameId }) => frameId))].slice(0, MOST_FRAMES)
  }

  get #served(): Witnessed[] {
    const looked = [...this.values()].filter(({ early }) => early === null)
    return looked.flatMap(({ witnessed }) => witnessed ?? [])
  }
}
