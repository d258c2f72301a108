import browser from 'webextension-polyfill'
import { MOST_HEADS } from '../../shared/protocol/limits.ts'
import type { KeptHead } from '../../shared/protocol/native-frames.ts'
import { lateFrames } from './late.ts'
import { Serial } from './serial.ts'

const KEY = 'heads'

const serial = new Serial()

/**
 * The newest head of each vault's audit log that this browser was told, newest first. It is kept outside the vault's
 * folder so that a log put back to an older state shows; sealed, it tells whoever reads the profile nothing.
 *
 * @returns none where the browser's storage fails.
 */
export async function recallHeads(): Promise<KeptHead[]> {
  return await readHeads().catch(() => [])
}

/**
 * Keep a head instead of the one kept for its vault. Of very many vaults the one used longest ago is forgotten.
 *
 * @throws where the browser's storage fails: what is kept stays as it was.
 */
export async function rememberHead({ vault, head }: KeptHead): Promise<void> {
  await serial.run(async () => {
    // SECURITY: of what could not be read nothing is written over: the heads of other vaults are their only witness.
    const others = (await readHeads()).filter((other) => other.vault !== vault)
    await browser.storage.local.set({ [KEY]: [{ vault, head }, ...others].slice(0, MOST_HEADS) })
  })
}

async function readHeads(): Promise<KeptHead[]> {
  const { [KEY]: stored } = await browser.storage.local.get(KEY)
  return stored === undefined ? [] : lateFrames().readHeads(stored).slice(0, MOST_HEADS)
}
