import type { OwnerSnapshot } from '../ui/owner-view.ts'
import type { TabSite } from './tab-site.ts'

/** What the popup needs of the browser. */
export interface PopupBrowser {
  currentSite(): Promise<TabSite>
  /** Whether the browser lets our scripts run at the origin. */
  mayReach(origin: string): Promise<boolean>
  /** Ask the user, by the browser's own prompt. Only within the turn of a click. */
  askToReach(origin: string): Promise<boolean>
  onReachChanged(listener: () => void): void
  openControlRoom(section: string): void
  reload(tabId: number): Promise<void>
  saveSnapshot(snapshot: OwnerSnapshot): Promise<void>
}
