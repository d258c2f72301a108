import { useEffect, useState } from 'preact/hooks'
import browser from 'webextension-polyfill'
import { type BrowserName, browserName } from '../../ui/browser-name.ts'

/** What the browser says of itself and of us. */
export interface ThisBrowser {
  /** Null: it does not say. */
  name: BrowserName | null
  extension: string
  /** Match patterns of the sites it lets us reach. */
  patterns: readonly string[]
  /** Whether we run in private windows; null: it does not say. */
  inPrivate: boolean | null
}

/** Ask the browser, and again whenever permissions change. Null until it has answered. */
export function useThisBrowser(): ThisBrowser | null {
  const [found, setFound] = useState<ThisBrowser | null>(null)
  useEffect(() => {
    const look = () => void ask().then(setFound)
    look()
    browser.permissions.onAdded.addListener(look)
    browser.permissions.onRemoved.addListener(look)
    return () => {
      browser.permissions.onAdded.removeListener(look)
      browser.permissions.onRemoved.removeListener(look)
    }
  }, [])
  return found
}

async function ask(): Promise<ThisBrowser> {
  const [name, permissions, inPrivate] = await Promise.all([
    browserName().catch(() => null),
    browser.permissions.getAll(),
    browser.extension.isAllowedIncognitoAccess().catch(() => null),
  ])
  const { version } = browser.runtime.getManifest()
  return { name, extension: version, patterns: (permissions.origins ?? []).toSorted(), inPrivate }
}
