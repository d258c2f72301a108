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
  return { ...Object.fromEntries(kept), background: { scripts: [background] } }
}

/** Of that, what the bundler of our pages reads: the background is built apart, and the locales are not where it seeks them. */
export function pagesManifestFor(target: ExtensionTarget): Manifest {
  const { default_locale: _locales, background: _background, ...rest } = manifestFor(target)
  return rest
}

/**
 * What the bundler may not add and the bundler cannot know: no web-accessible resources (a page could look for them),
 * the background, and the locale folder, which lives in `extension/`.
 */
export function finishManifest(built: Manifest, target: ExtensionTarget): Manifest {
  const { web_accessible_resources: _removed, ...rest } = built
  return { ...rest, background: manifestFor(target).background, default_locale: manifest.default_locale }
}

/** Names of the messages that the manifest takes from the locale files. */
export function manifestMessages(): string[] {
  return [...JSON.stringify(manifest).matchAll(/__MSG_(\w+)__/g)].map(([, name]) => name ?? '')
}
