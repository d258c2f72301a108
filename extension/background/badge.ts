import browser from 'webextension-polyfill'
import type { OwnerState } from '../../shared/protocol/owner-port.ts'
import type { BadgeCount } from '../ui/settings.ts'

/** What the toolbar button shows. The picture's file name. */
export type Mark = 'idle' | 'live' | 'locked' | 'paused' | 'trouble'

/** How the number on it is meant. */
export type BadgeTone = 'count' | 'asks' | 'trouble'

/** The colour of each tone, as the browsers take it. */
export const BADGE_COLOURS: Record<BadgeTone, string> = {
  count: '#15803d',
  asks: '#b45309',
  trouble: '#b91c1c',
}

/**
 * What to show: trouble only where the owner has permitted a site, for whom the missing host is one. Calls that wait for the
 * owner go before everything that merely is.
 *
 * @param waiting sites that wait for the owner to unlock, to go on, or to give them something.
 * @param badge whether live sessions are counted too: what waits for the owner, and trouble, always is.
 * @returns null to leave what is there: a host is on its way.
 */
export function markOf(
  state: OwnerState,
  hasPermissions: boolean,
  waiting = 0,
  badge: BadgeCount = 'live',
): { mark: Mark; text: string; tone: BadgeTone } | null {
  if (state.host === 'connecting') return null
  if (state.host !== 'connected') {
    return hasPermissions ? { mark: 'trouble', text: '!', tone: 'trouble' } : NOTHING
  }
  const asks = state.approvals + waiting
  const mark = state.vault === 'locked' ? 'locked' : state.paused ? 'paused' : 'live'
  if (asks > 0) return { mark, text: counted(asks), tone: 'asks' }
  if (state.vault === 'locked') return { mark, text: '', tone: 'count' }
  if (state.paused) return { mark, text: '', tone: 'count' }
  if (state.live > 0)
    return { mark: 'live', text: badge === 'live' ? counted(state.live) : '', tone: 'count' }
  return NOTHING
}

const NOTHING = { mark: 'idle', text: '', tone: 'count' } as const

/** A badge has room for three characters. */
function counted(count: number): string {
  return count > 99 ? '99+' : String(count)
}

/**
 * The toolbar button, on all tabs. What it is to show is asked whenever a call begins or ends, and is nearly always what it
 * shows: the browser, which reads the picture anew each time, is told changes only.
 */
export class Badge {
  /** What it shows; null: nobody knows. */
  #shown: string | null = null

  /** Show what {@link markOf} says. What the browser refuses to show is shown with the next look. */
  async show(shown: ReturnType<typeof markOf>): Promise<void> {
    const said = JSON.stringify(shown)
    if (shown === null || said === this.#shown) return
    this.#shown = said
    const { mark, text, tone } = shown
    try {
      await Promise.all([
        browser.action.setIcon({
          path: { 16: `/extension/icons/${mark}-16.png`, 32: `/extension/icons/${mark}-32.png` },
        }),
        browser.action.setBadgeText({ text }),
        browser.action.setBadgeBackgroundColor({ color: BADGE_COLOURS[tone] }),
      ])
    } catch {
      this.#shown = null
    }
  }
}
