import browser from 'webextension-polyfill'
import { permissionPatternOf } from '../ui/match-pattern.ts'
import { saveSnapshot } from '../ui/view-snapshot.ts'
import type { PopupBrowser } from './popup-needs.ts'
import { tabSiteOf } from './tab-site.ts'

/** The browser as the popup uses it. */
export const POPUP_BROWSER: PopupBrowser = {
  async currentSite() {
    const [tab] = await askedTab()
    return tabSiteOf(tab)
  },
  mayReach: (origin) => browser.permissions.contains({ origins: [permissionPatternOf(origin)] }),
  askToReach: (origin) => browser.permissions.request({ origins: [permissionPatternOf(origin)] }),
  onReachChanged(listener) {
    browser.permissions.onAdded.addListener(listener)
    browser.permissions.onRemoved.addListener(listener)
  },
  openControlRoom(section) {
    void browser.tabs.create({ url: browser.runtime.getURL(`extension/control/index.html#${section}`) })
  },
  reload: (tabId) => browser.tabs.reload(tabId),
  saveSnapshot,
}

/** The tab in front; or the one named in our own address, where the popup is opened as a page for it. */
async function askedTab(): Promise<browser.Tabs.Tab[]> {
  const named = new URLSearchParams(location.search).get('tab')
  if (named !== null) return [await browser.tabs.get(Number(named))]
  return browser.tabs.query({ active: true, currentWindow: true })
}
