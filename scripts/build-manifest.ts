import manifest from '../manifest.json' with { type: 'json' }

/** Browsers the extension is built for. */
export type ExtensionTarget = 'chrome' | 'firefox'

/** A manifest as the browser reads it. */
export type Manifest = Record<string, unknown>

/** Keys that only one browser understands. */
const CHROMIUM_ONLY = ['key', 'minimum_chrome_version', 'optional_permissions']
const FIREFOX_ONLY = ['browser_specific_settings']

/**
 * The manifest for one browser, from the one at the top of the tree: Firefox runs the background as an event page and
 * names itself by a gecko id, Chromium runs a service worker and takes its id from `key`.
 */
export function manifestFor(target: ExtensionTarget): Manifest {
  const { service_worker: background } = manifest.background
  const dropped = target === 'chrome' ? FIREFOX_ONLY : CHROMIUM_ONLY
  const kept = Object.entries(manifest).filter(([name]) => !dropped.includes(name))
  if (target === 'chrome') return Object.fromEntries(kept)
  return { ...Object.fromEntries(kept), background: { scripts: [background], type: 'module' } }
}

/**
 * What the bundler may not add and the bundler cannot know: no web-accessible resources (a page could look for them),
 * and the locale folder, which lives in `extension/` and not where the bundler seeks it.
 */
export function finishManifest(built: Manifest): Manifest {
  const { web_accessible_resources: _removed, ...rest } = built
  return { ...rest, default_locale: manifest.default_locale }
}

/** Names of the messages that the manifest takes from the locale files. */
export function manifestMessages(): string[] {
  return [...JSON.stringify(manifest).matchAll(/__MSG_(\w+)__/g)].map(([, name]) => name ?? '')
}
