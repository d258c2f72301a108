import browser from 'webextension-polyfill'
import { Serial } from './serial.ts'
import { textsIn } from './stored-texts.ts'

/** Keys are `<kind> <origin>`. */
const KIND = 'quiet-key'
const serial = new Serial()

/**
 * The services whose keys the owner does not want to be told of by themselves on a site. What lies in the profile so is
 * that the site had a key for them, beside the permission for the site that the browser itself keeps there; it goes with the
 * site's grant.
 */
export async function quietKeysOf(origin: string): Promise<string[]> {
  const key = keyOf(origin)
  return textsIn((await browser.storage.local.get(key))[key])
}

/** Be told of them no more, or again. */
export async function setQuietKey(origin: string, preset: string, quiet: boolean): Promise<void> {
  await serial.run(async () => {
    const others = (await quietKeysOf(origin)).filter((each) => each !== preset)
    const presets = quiet ? [...others, preset] : others
    if (presets.length === 0) await browser.storage.local.remove(keyOf(origin))
    else await browser.storage.local.set({ [keyOf(origin)]: presets })
  })
}

/** The sites that have some now: what is said after this is in no older answer of the host's. */
export async function quietSites(): Promise<string[]> {
  const names = Object.keys(await browser.storage.local.get(null))
  return names.flatMap((name) => (name.startsWith(`${KIND} `) ? name.slice(KIND.length + 1) : []))
}

/** Forget those of some sites that are not among others. @param sites as {@link quietSites} said them. */
export async function forgetOtherQuietKeys(
  sites: readonly string[],
  kept: ReadonlySet<string>,
): Promise<void> {
  for (const site of sites) {
    if (!kept.has(site)) await serial.run(() => browser.storage.local.remove(keyOf(site)))
  }
}

function keyOf(origin: string): string {
  return `${KIND} ${origin}`
}
