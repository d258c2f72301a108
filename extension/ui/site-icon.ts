import browser from 'webextension-polyfill'
import { permissionPatternOf } from './match-pattern.ts'

/** Edge of what is drawn, in pixels: twice what is seen of it, for screens that show two in place of one. */
export const ICON_PIXELS = 48

/** The longest icon that is looked at where the browser gives it as text, in characters. */
const MOST_CHARACTERS = 200_000

const OWN_CHARACTERS =
  /^data:image\/(png|x-icon|vnd\.microsoft\.icon|jpeg|webp|gif);base64,([A-Za-z0-9+/=]+)$/

const pictures = new Map<string, Promise<ImageBitmap | null>>()

/**
 * The icon that a site shows in its tab, as pixels, for as long as a tab of that very origin is open. Nothing is fetched for it: it is
 * what the browser has. Null where there is none, where the browser does not give it, and for drawings (SVG).
 *
 * Chromium gives it to whoever has the permission `favicon`, see `site-icon-permission.ts`; Firefox with the tab.
 */
export function siteIconOf(origin: string): Promise<ImageBitmap | null> {
  const known = pictures.get(origin)
  if (known !== undefined) return known
  const picture = loadIcon(origin).catch(() => null)
  pictures.set(origin, picture)
  // What is not there now may be there when it is looked for again.
  void picture.then((found) => found ?? pictures.delete(origin))
  return picture
}

async function loadIcon(origin: string): Promise<ImageBitmap | null> {
  const tabs = await browser.tabs.query({ url: permissionPatternOf(origin) })
  const tab = tabs.find(
    ({ url, favIconUrl }) => URL.parse(url ?? '')?.origin === origin && (favIconUrl ?? '') !== '',
  )
  if (tab?.url === undefined || tab.favIconUrl === undefined) return null
  return location.protocol === 'chrome-extension:' ? drawnByBrowser(tab.url) : pixelsOf(tab.favIconUrl)
}

/** Chromium's own store of icons (developer.chrome.com/docs/extensions/how-to/ui/favicons). */
async function drawnByBrowser(pageUrl: string): Promise<ImageBitmap> {
  const image = new Image()
  const asked = new URLSearchParams({ pageUrl, size: String(ICON_PIXELS) })
  image.src = `${browser.runtime.getURL('_favicon/')}?${asked}`
  await image.decode()
  return createImageBitmap(image)
}

// SECURITY: pixels are made of it here, so that the policy of our pages need not let `data:` in.
async function pixelsOf(address: string): Promise<ImageBitmap | null> {
  if (address.length > MOST_CHARACTERS) return null
  const [, type, base64] = OWN_CHARACTERS.exec(address) ?? []
  if (type === undefined || base64 === undefined) return null
  return createImageBitmap(new Blob([Uint8Array.fromBase64(base64)], { type: `image/${type}` }))
}
