import browser from 'webextension-polyfill'
import { BADGE_COLOURS, type BadgeTone, type markOf } from './badge.ts'
import type { SpottedKeys } from './spotted-keys.ts'

/**
 * What the toolbar button shows on tabs whose calls carried a real key, in place of what it shows on all. A browser takes it
 * off by itself when the tab goes elsewhere.
 */
export class TabBadges {
  readonly #spotted: Pick<SpottedKeys, 'tabs' | 'inTab'>
  /** Tabs that had something of their own. */
  readonly #touched = new Set<number>()

  constructor(spotted: Pick<SpottedKeys, 'tabs' | 'inTab'>) {
    this.#spotted = spotted
  }

  /** Show what there is now. @param onAll what the button shows on all tabs; null: a host is on its way, and all stays. */
  async show(onAll: ReturnType<typeof markOf>): Promise<void> {
    if (onAll === null) return
    // What waits for the owner, and what keeps everything from working, is said first.
    const isCalm = onAll.tone === 'count' && (onAll.mark === 'live' || onAll.mark === 'idle')
    const told = isCalm ? this.#spotted.tabs.filter((tabId) => this.#spotted.inTab(tabId).length > 0) : []
    for (const tabId of told) this.#touched.add(tabId)
    await Promise.all([...this.#touched].map((tabId) => this.#set(tabId, told.includes(tabId), onAll.tone)))
  }

  async #set(tabId: number, isTold: boolean, tone: BadgeTone): Promise<void> {
    const words = (name: string) => browser.i18n.getMessage(name)
    try {
      await Promise.all([
        browser.action.setBadgeText({ tabId, text: isTold ? words('badgePageKey') : null }),
        // Chromium knows no way back to the colour of all tabs.
        browser.action.setBadgeBackgroundColor({ tabId, color: BADGE_COLOURS[isTold ? 'asks' : tone] }),
        browser.action.setTitle({ tabId, title: words(isTold ? 'badgePageKeyTitle' : 'extName') }),
      ])
    } catch {
      // The tab is closed.
      this.#touched.delete(tabId)
    }
  }
}
