/** The WebExtension API of this isolated world: both browsers have it under the name `browser`, older Chromium as `chrome`. */
export const extension: typeof chrome = (globalThis as { browser?: typeof chrome }).browser ?? chrome

/** True while this document is made ready by the browser but not shown. Firefox does not prerender. */
export const isPrerendering = (): boolean =>
  (document as Document & { prerendering?: boolean }).prerendering === true

/** False once the extension was reloaded, disabled or removed: this script stays behind and can reach nothing. */
export function isContextValid(): boolean {
  try {
    return Boolean(extension.runtime?.id)
  } catch {
    return false
  }
}
