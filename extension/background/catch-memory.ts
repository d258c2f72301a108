import browser from 'webextension-polyfill'
import * as z from 'zod/mini'
import type { Witnessed } from '../../shared/protocol/native-frames.ts'

const BaseUrlsSchema = z.array(z.string())

/**
 * The last list of caught URLs for each pair of origins, in the browser's memory: a document gets it when the host cannot
 * be asked, so that its calls are refused and not sent with their placeholder. Forgotten when the browser closes.
 */
export async function recallCatchList(witnessed: Witnessed): Promise<string[]> {
  const key = keyOf(witnessed)
  const stored = (await browser.storage.session.get(key))[key]
  const list = BaseUrlsSchema.safeParse(stored)
  return list.success ? list.data : []
}

/** Remember a list; an empty one is forgotten. */
export async function rememberCatchList(witnessed: Witnessed, baseUrls: string[]): Promise<void> {
  const key = keyOf(witnessed)
  if (baseUrls.length === 0) await browser.storage.session.remove(key)
  else await browser.storage.session.set({ [key]: baseUrls })
}

function keyOf({ origin, topOrigin }: Witnessed): string {
  return `catch ${origin} ${topOrigin}`
}
