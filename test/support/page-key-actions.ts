import type { Page } from 'puppeteer-core'
import { press } from './control-room-actions.ts'

/** What a person does about keys that a page holds, and what pages of ours see of them. */

/** Press the button of a way out, twice: the first press tells what would happen. */
export async function sayTwice(popup: Page, text: string): Promise<void> {
  await press(popup, text)
  await popup.waitForSelector('.page-key-ask')
  await press(popup, text)
}

/** In a page of ours: what the owner's look finds in a site's tab, and whether a script that looks came there. */
export async function lookAt(origin: string, deep = false): Promise<unknown> {
  const { browser } = globalThis as unknown as { browser?: typeof chrome }
  const api = browser ?? chrome
  const tab = (await api.tabs.query({})).find(({ url }) => url?.startsWith(`${origin}/`))
  const tabId = tab?.id ?? -1
  const port = api.runtime.connect({ name: 'owner' })
  const answer = new Promise<{ value: unknown }>((resolve) => {
    port.onMessage.addListener((frame: { id?: number; value: unknown }) => {
      if (frame.id === 1) resolve(frame)
    })
  })
  port.postMessage({ id: 1, command: { name: 'page-keys', tabId, origin, ...(deep ? { deep } : {}) } })
  const { value } = await answer
  port.disconnect()
  const func = () => 'valetKeyHeldKeys' in globalThis
  const [injected] = await api.scripting.executeScript({ target: { tabId }, func })
  return { value, script: injected?.result }
}
