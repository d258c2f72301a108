import browser from 'webextension-polyfill'
import { isOrigin } from '../../shared/model/is-origin.ts'
import type { Witnessed } from '../../shared/protocol/native-frames.ts'

/** Facts of a sender that only some browsers tell, and the polyfill's types leave out. */
type Sender = browser.Runtime.MessageSender & {
  origin?: string
  documentId?: string
  documentLifecycle?: string
}

/**
 * What the browser itself says of the document behind a port. Nothing a page claims has a part in it, and the sender's
 * `url` has none either: a sandboxed document has the site's own URL and an opaque origin.
 *
 * @returns null for a document that can have no grant: of an opaque or an extension's origin, not active (prerendered,
 * in the back/forward cache), outside a tab, or in a tab whose own origin the browser does not tell us.
 */
export function witness(sender: browser.Runtime.MessageSender | undefined): Witnessed | null {
  const { id, origin, tab, frameId, documentId, documentLifecycle }: Partial<Sender> = sender ?? {}
  // SECURITY: ports of other extensions and of documents that are not shown have no identity here.
  if (id !== browser.runtime.id || tab?.id === undefined || frameId === undefined) return null
  if (documentLifecycle !== undefined && documentLifecycle !== 'active') return null
  if (!isTupleOrigin(origin)) return null
  const topOrigin = frameId === 0 ? origin : originOf(tab.url)
  if (topOrigin === null) return null
  return { origin, topOrigin, tabId: tab.id, frameId, documentId: documentId ?? null }
}

function isTupleOrigin(origin: string | undefined): origin is string {
  return typeof origin === 'string' && isOrigin(origin)
}

function originOf(url: string | undefined): string | null {
  const origin = url === undefined ? undefined : URL.parse(url)?.origin
  return isTupleOrigin(origin) ? origin : null
}

/** True for a port of one of our own pages: not of a content script, and not framed by anything. */
export function isOwnPage(sender: browser.Runtime.MessageSender | undefined): boolean {
  const { id, url, tab, frameId } = sender ?? {}
  if (id !== browser.runtime.id || url === undefined) return false
  // SECURITY: a page of ours inside a frame could be laid under other content to catch the owner's clicks.
  if (tab !== undefined && frameId !== 0) return false
  return url.startsWith(browser.runtime.getURL(''))
}
