import type { Preset } from '../model/preset.ts'

/**
 * Path of a base URL without the trailing slash: `/openai/v1`, or empty for an origin alone.
 *
 * @throws TypeError for text that is no URL.
 */
function basePathOf(baseUrl: string): string {
  const url = URL.parse(baseUrl)
  if (url === null) throw new TypeError(`\`${baseUrl}\` is not a URL`)
  return url.pathname.replace(/\/+$/, '')
}

/**
 * Put a path of a preset below a base URL. Presets write paths from the root of the API's host (`/v1/models`); a base
 * URL may have a path of its own. The result is the full path from the root of the owner's host, as rules match it.
 *
 * - no base path: the path as it is. `https://host` → `/v1/models`.
 * - the base path ends as the preset's path begins: the overlap counts once. `https://host/openai/v1` →
 *   `/openai/v1/models`.
 * - the preset is a template (its hint is `https://host/v1`) and the base path ends otherwise: the base path takes the
 *   place of the hint's path, as client libraries do. `https://host/v1beta/openai` → `/v1beta/openai/models`.
 * - otherwise the path follows the base path. `https://host/anthropic` → `/anthropic/v1/models`.
 *
 * `/**` means everywhere and stays.
 */
export function placePath(preset: Preset, baseUrl: string, path: string): string {
  const base = basePathOf(baseUrl)
  if (base === '' || path === '/**') return path
  const overlap = overlapOf(base, path)
  if (overlap > 0) return base + path.slice(overlap)
  const hint = preset.baseUrlHint === undefined ? '' : basePathOf(preset.baseUrlHint)
  if (hint !== '' && path.startsWith(`${hint}/`)) return base + path.slice(hint.length)
  return base + path
}

/** The same for a `METHODS PATH` pattern. */
export function placePattern(preset: Preset, baseUrl: string, pattern: string): string {
  const space = pattern.indexOf(' ')
  return `${pattern.slice(0, space)} ${placePath(preset, baseUrl, pattern.slice(space + 1))}`
}

/** Length of the longest run of whole segments that ends `base` and begins `path`. */
function overlapOf(base: string, path: string): number {
  const segments = path.split('/')
  for (let count = segments.length - 1; count > 1; count -= 1) {
    const head = segments.slice(0, count).join('/')
    if (base.endsWith(head)) return head.length
  }
  return 0
}
