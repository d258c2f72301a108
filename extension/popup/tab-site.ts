/**
 * What the tab in front shows. `site`: something a grant can be for. `unreadable`: the browser does not say what is open,
 * because the popup was not opened by the user's own hand. `other`: a page of the browser, a file, an extension.
 */
export type TabSite = { kind: 'site'; origin: string; tabId: number } | { kind: 'unreadable' | 'other' }

/** Which of them a tab is. */
export function tabSiteOf(tab: { id?: number; url?: string } | undefined): TabSite {
  if (tab?.id === undefined || tab.url === undefined || tab.url === '') return { kind: 'unreadable' }
  const url = URL.parse(tab.url)
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return { kind: 'other' }
  return { kind: 'site', origin: url.origin, tabId: tab.id }
}
