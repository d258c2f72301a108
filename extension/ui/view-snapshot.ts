import browser from 'webextension-polyfill'
import { type Catalogue, presetsOf } from './catalogue.ts'
import type { OwnerSnapshot } from './owner-view.ts'

const KEY = 'owner-view'

/** What a page draws first. */
export interface KeptPicture {
  snapshot: OwnerSnapshot
  /** Presets that services in it are of, as far as the page that kept it knew them. */
  presets: Catalogue
}

/**
 * The last picture of the host, so that a page that opens shows it at once. In memory only, for this browser session and
 * for our own pages; it holds no secret. Null where there is none or it was written by another version of us.
 */
export async function loadSnapshot(): Promise<KeptPicture | null> {
  const { [KEY]: kept } = await browser.storage.session.get(KEY)
  if (!isKept(kept) || kept.version !== browser.runtime.getManifest().version) return null
  return { snapshot: kept.snapshot, presets: kept.presets ?? [] }
}

/** Keep the picture for the next page, without the calls that wait: what they would send is shown and kept nowhere. */
export async function saveSnapshot(snapshot: OwnerSnapshot): Promise<void> {
  const { version } = browser.runtime.getManifest()
  const presets = presetsOf(snapshot.services ?? [])
  await browser.storage.session.set({
    [KEY]: { version, snapshot: { ...snapshot, approvals: null }, presets },
  })
}

function isKept(
  value: unknown,
): value is { version: string; snapshot: OwnerSnapshot; presets: Catalogue | undefined } {
  return typeof value === 'object' && value !== null && 'version' in value && 'snapshot' in value
}
