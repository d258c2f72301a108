import browser from 'webextension-polyfill'
import type { Witnessed } from '../../shared/protocol/native-frames.ts'
import { textsIn } from './stored-texts.ts'

/** Keys are `<kind> <origin> <top origin>`. */
const KIND = 'catch'

/**
 * The last list of caught URLs for each pair of origins: a document gets it when the host cannot be asked, so that its
 * calls are refused and not sent with their placeholder. It outlives the browser, for a vault is locked after most of its
 * starts. What lies in the profile so is which service a site uses, beside the permission for the site that the browser
 * itself keeps there; it goes with the session and with the site's grant.
 */
export async function recallCatchList(witnessed: Witnessed): Promise<string[]> {
  const key = keyOf(witnessed)
  return textsIn((await browser.storage.local.get(key))[key])
}

/** Remember a list; an empty one is forgotten. */
export async function rememberCatchList(witnessed: Witnessed, baseUrls: string[]): Promise<void> {
  const key = keyOf(witnessed)
  if (baseUrls.length === 0) await browser.storage.local.remove(key)
  else await browser.storage.local.set({ [key]: baseUrls })
}

/** The lists that are remembered now, by their keys: what is learnt after this is in no older answer of the host's. */
export async function rememberedLists(): Promise<string[]> {
  return Object.keys(await browser.storage.local.get(null)).filter((key) => key.startsWith(`${KIND} `))
}

/** Forget those of some lists that are of the documents of all other origins. @param keys as {@link rememberedLists} said them. */
export async function forgetOtherLists(keys: readonly string[], origins: ReadonlySet<string>): Promise<void> {
  for (const key of keys) {
    const [, origin = ''] = key.split(' ')
    if (!origins.has(origin)) await browser.storage.local.remove(key)
  }
}

function keyOf({ origin, topOrigin }: Witnessed): string {
  return `${KIND} ${origin} ${topOrigin}`
}
