import { useEffect, useState } from 'preact/hooks'
import browser from 'webextension-polyfill'
import { type MessageName, t } from '../../ui/strings.ts'

/** A command of ours, and the keys it has in this browser. */
export interface Shortcut {
  name: string
  /** What it does. */
  text: string
  /** As the browser writes them; empty: none. */
  keys: string
}

/** Words for the commands; the browser's own are of the language it was started with, or none. */
const WORDS: Record<string, MessageName> = {
  _execute_action: 'keysOpen',
  'revoke-all': 'commandRevokeAll',
  'pause-all': 'commandPauseAll',
}

/** The commands with their keys, asked for again whenever the owner comes back to the page. Null until the browser answered. */
export function useShortcuts(): readonly Shortcut[] | null {
  const [shortcuts, setShortcuts] = useState<readonly Shortcut[] | null>(null)
  useEffect(() => {
    const look = () => void ask().then(setShortcuts)
    look()
    addEventListener('focus', look)
    return () => removeEventListener('focus', look)
  }, [])
  return shortcuts
}

async function ask(): Promise<Shortcut[]> {
  const commands = await browser.commands.getAll().catch(() => [])
  return commands.map(({ name = '', description = '', shortcut = '' }) => {
    const own = Object.hasOwn(WORDS, name) ? WORDS[name] : undefined
    return { name, text: own === undefined ? description : t(own), keys: shortcut }
  })
}

/** Where Chromium browsers have them; they send this address to their own page. */
const CHROMIUM_PAGE = 'chrome://extensions/shortcuts'

/** Open the browser's own page for them. @returns false where it lets nobody open that. */
export async function openShortcutPage(): Promise<boolean> {
  const { openShortcutSettings } = browser.commands as { openShortcutSettings?: () => Promise<void> }
  try {
    if (openShortcutSettings !== undefined) await openShortcutSettings.call(browser.commands)
    else await browser.tabs.create({ url: CHROMIUM_PAGE })
    return true
  } catch {
    return false
  }
}
