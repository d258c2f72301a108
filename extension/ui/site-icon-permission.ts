import browser, { type Permissions } from 'webextension-polyfill'

/** The polyfill's types do not know it (developer.chrome.com/docs/extensions/how-to/ui/favicons). */
const ICONS = { permissions: ['favicon'] } as unknown as Permissions.Permissions

/** Only Chromium has a permission for icons: in Firefox the manifest does not name it. */
const isNeeded = () =>
  (browser.runtime.getManifest().optional_permissions as string[] | undefined)?.includes('favicon') === true

/**
 * Ask the owner, in the browser's own prompt, whether sites' own icons may be read. To be called in the handler of what they pressed.
 * False where they said no.
 */
export async function askForSiteIcons(): Promise<boolean> {
  return !isNeeded() || (await browser.permissions.request(ICONS))
}

/** Give it back, where the owner wants letters again. Never rejects: it is a courtesy. */
export async function giveBackSiteIcons(): Promise<void> {
  if (isNeeded()) await browser.permissions.remove(ICONS).catch(() => false)
}

/** Whether they may be read now: the owner may take it back in the browser at any time. */
export async function maySeeSiteIcons(): Promise<boolean> {
  return !isNeeded() || (await browser.permissions.contains(ICONS))
}
