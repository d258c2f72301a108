import browser from 'webextension-polyfill'
import type { OwnerState } from '../../shared/protocol/owner-port.ts'

/** What the toolbar button shows. The picture's file name. */
export type Mark = 'idle' | 'live' | 'locked' | 'trouble'

const RED = '#b91c1c'
const GREEN = '#15803d'

/**
 * What to show: trouble only where the owner has permitted a site, for whom the missing host is one.
 *
 * @returns null to leave what is there: a host is on its way.
 */
export function markOf(state: OwnerState, hasPermissions: boolean): { mark: Mark; text: string } | null {
  if (state.host === 'connecting') return null
  if (state.host !== 'connected') {
    return hasPermissions ? { mark: 'trouble', text: '!' } : { mark: 'idle', text: '' }
  }
  if (state.vault === 'locked') return { mark: 'locked', text: '' }
  if (state.live > 0) return { mark: 'live', text: state.live > 99 ? '99+' : String(state.live) }
  return { mark: 'idle', text: '' }
}

/** Show the state on the toolbar button. */
export async function showBadge(state: OwnerState, hasPermissions: boolean): Promise<void> {
  const shown = markOf(state, hasPermissions)
  if (shown === null) return
  const { mark, text } = shown
  await Promise.all([
    browser.action.setIcon({
      path: { 16: `/extension/icons/${mark}-16.png`, 32: `/extension/icons/${mark}-32.png` },
    }),
    browser.action.setBadgeText({ text }),
    browser.action.setBadgeBackgroundColor({ color: mark === 'trouble' ? RED : GREEN }),
  ])
}
