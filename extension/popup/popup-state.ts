import type { SiteRequest, WaitingNotice } from '../../shared/protocol/owner-port.ts'
import type { PageKeys } from '../../shared/protocol/page-keys.ts'
import type { PageNotice } from '../../shared/protocol/page-notice.ts'
import type { SiteRefusal } from '../../shared/protocol/session-commands.ts'
import { type HostScreen, hostScreen } from '../ui/host-screen.ts'
import type { OwnerSnapshot } from '../ui/owner-view.ts'
import type { MovedKey } from './page-key-orders.ts'
import type { UndoOffer } from './session-orders.ts'
import type { TabSite } from './tab-site.ts'

/** Everything the popup shows. */
export interface PopupState {
  screen: HostScreen
  owner: OwnerSnapshot
  /** Null until the browser has said. */
  site: TabSite | null
  /** Whether our scripts run at the site; null until known or where there is no site. */
  reachable: boolean | null
  /** What the owner is to know of the page in front. */
  notices: readonly PageNotice[]
  /** Keys that the page in front holds itself; null: it was not looked at. */
  pageKeys: PageKeys | null
  /** One of them is being taken out. */
  movingKey: boolean
  /** What became of the last one, and why nothing did. */
  movedKey: MovedKey | null
  moveError: string | null
  /** A connection is being made. */
  connecting: boolean
  /** Why the last connection was not made, for as long as it matters. */
  connectError: string | null
  /** Sessions whose end was ordered. */
  ending: ReadonlySet<string>
  /** Sites whose calls wait for the owner in this browser. */
  waiting: readonly WaitingNotice[]
  /** What a page of this browser asks for in a window of its own; null: nothing. */
  request: SiteRequest | null
  /** Those of them that were answered, by their ids. */
  answering: ReadonlySet<number>
  /** The last call of the site in front, where it was refused. */
  refusal: SiteRefusal | null
  /** The revoke that can still be taken back; null: none. */
  undo: UndoOffer | null
  toast: string | null
}

/** What is shown before anything was asked. @param owner the picture that it begins with. */
export function firstState(owner: OwnerSnapshot): PopupState {
  return {
    screen: hostScreen(owner),
    owner,
    site: null,
    reachable: null,
    notices: [],
    pageKeys: null,
    movingKey: false,
    movedKey: null,
    moveError: null,
    connecting: false,
    connectError: null,
    ending: new Set(),
    waiting: [],
    request: null,
    answering: new Set(),
    refusal: null,
    undo: null,
    toast: null,
  }
}

/** What is not to be read where the vault is not open. */
export const CLOSED = { refusal: null, undo: null, pageKeys: null, movedKey: null } as const
