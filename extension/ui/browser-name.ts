import browser from 'webextension-polyfill'

/** What a browser says of itself. */
export interface BrowserName {
  name: string
  version: string
}

/** Brands of a Chromium browser, with one or two that only keep servers from relying on their order. */
interface UserAgentHints {
  getHighEntropyValues(hints: string[]): Promise<{ fullVersionList?: { brand: string; version: string }[] }>
}

/** Longest name or version that is passed on, in characters. */
const LONGEST = 64

/** What this browser is called, and its version; null where it does not say. */
export async function browserName(): Promise<BrowserName | null> {
  const found = (await ofGecko().catch(() => null)) ?? (await ofChromium().catch(() => null))
  if (found === null || found.name === '' || found.version === '') return null
  return { name: found.name.slice(0, LONGEST), version: found.version.slice(0, LONGEST) }
}

async function ofGecko(): Promise<BrowserName | null> {
  // Only Firefox and its relatives have it; the polyfill's types say that everybody does.
  const info = await (browser.runtime.getBrowserInfo as (() => Promise<BrowserName>) | undefined)?.()
  return info === undefined ? null : { name: info.name, version: info.version }
}

async function ofChromium(): Promise<BrowserName | null> {
  const hints = (navigator as { userAgentData?: UserAgentHints }).userAgentData
  const brands = (await hints?.getHighEntropyValues(['fullVersionList']))?.fullVersionList ?? []
  const real = brands.filter(({ brand }) => !/not.?a.?brand/i.test(brand.replace(/[^a-z]/gi, '.')))
  // A relative of Chromium's names both itself and Chromium.
  const own = real.find(({ brand }) => brand !== 'Chromium') ?? real[0]
  return own === undefined ? null : { name: own.brand, version: own.version }
}
