import browser from 'webextension-polyfill'
import type { OwnerSnapshot } from './owner-view.ts'

const KEY = 'owner-view'

/**
 * The last picture of the host, so that a page that opens shows it at once. In memory only, for this browser session and
 * for our own pages; it holds no secret. Null where there is none or it was written by another version of us.
 */
export async function loadSnapshot(): Promise<OwnerSnapshot | null> {
  const { [KEY]: kept } = await browser.storage.session.get(KEY)
  if (!isKept(kept) || kept.version !== browser.runtime.getManifest().version) return null
  return kept.snapshot
}

/** Keep the picture for the next page, without the calls that wait: what they would send is shown and kept nowhere. */
export async function saveSnapshot(snapshot: OwnerSnapshot): Promise<void> {
  const { version } = browser.runtime.getManifest()
  await browser.storage.session.set({ [KEY]: { version, snapshot: { ...snapshot, approvals: null } } })
}

function isKept(value: unknown): value is { version: string; snapshot: OwnerSnapshot } {
  return typeof value === 'object' && value !== null && 'version' in value && 'snapshot' in value
}
