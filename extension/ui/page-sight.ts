/** Whether anybody can see one of our pages. */
export interface PageSight {
  /** False for a page in a tab behind another one, or in a window that is wholly covered or put away. */
  readonly isSeen: boolean
  /** Told whenever it comes to be seen. @returns stops it. */
  onSeen(listener: () => void): () => void
}

/** Of a page that must know everything at once, seen or not. */
export const ALWAYS_SEEN: PageSight = { isSeen: true, onSeen: () => () => {} }

/** What a document says of itself (HTML, page visibility). */
export function sightOf(document: Document): PageSight {
  const isSeen = () => document.visibilityState === 'visible'
  return {
    get isSeen() {
      return isSeen()
    },
    onSeen(listener) {
      const tell = () => {
        if (isSeen()) listener()
      }
      document.addEventListener('visibilitychange', tell)
      return () => document.removeEventListener('visibilitychange', tell)
    },
  }
}
