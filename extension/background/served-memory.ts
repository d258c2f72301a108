import browser from 'webextension-polyfill'
import { textsIn } from './stored-texts.ts'

const KEY = 'served'

/**
 * The origins our scripts were registered for last. An update of the extension takes its registrations away, and only an open
 * vault could say again whose they were. What lies in the profile so is what the browser itself keeps there: the permitted sites.
 *
 * @returns none where none were, or what is stored is something else.
 */
export async function recallServed(): Promise<string[]> {
  const { [KEY]: stored } = await browser.storage.local.get(KEY)
  return textsIn(stored)
}

/** Remember origins instead of those that were remembered before. Does nothing where they are the same. */
export async function rememberServed(origins: readonly string[]): Promise<void> {
  const served = [...new Set(origins)].sort()
  if (JSON.stringify(await recallServed()) === JSON.stringify(served)) return
  if (served.length === 0) await browser.storage.local.remove(KEY)
  else await browser.storage.local.set({ [KEY]: served })
}
