import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'

/** One page of the suite. */
export interface SuitePage {
  /** Path below the server, with its query. */
  readonly path: string
  /** The suite says that it takes up to a minute. */
  readonly isLong: boolean
}

/** Needs another server (TLS, HTTP/2), a service worker, or a person. */
const LEFT_OUT = /\.(https|h2|tentative)\.|serviceworker|service-worker|-manual\.|\/resources\//
const PAGES = /\.(any\.js|window\.js|html?|xhtml)$/

/**
 * The pages of some folders of a checkout of web-platform-tests that a plain loopback server can show.
 *
 * @param workers also the variants that run in a dedicated worker.
 */
export async function pagesOf(
  checkout: string,
  folders: readonly string[],
  workers: boolean,
): Promise<SuitePage[]> {
  const pages: SuitePage[] = []
  for (const folder of folders) {
    const files = await readdir(join(checkout, folder), { recursive: true, withFileTypes: true })
    for (const file of files) {
      const path = `/${relative(checkout, join(file.parentPath, file.name))}`
      if (!file.isFile() || !PAGES.test(path) || LEFT_OUT.test(path)) continue
      pages.push(...variantsOf(path, await readFile(join(checkout, path), 'utf8'), workers))
    }
  }
  return pages.sort((one, other) => (one.path < other.path ? -1 : 1))
}

/** A script stands for the pages that the suite's server makes of it: one per place it runs in, one per named variant. */
function variantsOf(path: string, text: string, workers: boolean): SuitePage[] {
  const meta = (name: string) =>
    [...text.matchAll(new RegExp(`^// META: ${name}=(.*)$`, 'gm'))].map((found) => (found[1] ?? '').trim())
  const isPage = !path.endsWith('.js')
  if (isPage && !text.includes('testharness.js')) return []
  const inPage = [...text.matchAll(/<meta name="?variant"? content="([^"]*)"/g)].map(
    (found) => found[1] ?? '',
  )
  const named = isPage ? inPage : meta('variant')
  const isLong = isPage ? /name="?timeout"? content="?long/.test(text) : meta('timeout').includes('long')
  const global = meta('global')[0] ?? 'window,dedicatedworker'
  const places = isPage ? [path] : placesOf(path, global, workers)
  return places.flatMap((place) =>
    (named.length === 0 ? [''] : named).map((query) => ({ path: place + query, isLong })),
  )
}

function placesOf(path: string, global: string, workers: boolean): string[] {
  const stem = path.replace(/\.js$/, '')
  if (path.endsWith('.window.js')) return [`${stem}.html`]
  const places = /window/.test(global) ? [`${stem}.html`] : []
  if (workers && /worker/.test(global)) places.push(`${stem}.worker.html`)
  return places
}
