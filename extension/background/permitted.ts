import browser from 'webextension-polyfill'
import { permissionPatternOf } from '../ui/match-pattern.ts'

/** Whether the browser permits us to be at an origin, asked now. */
export async function isPermitted(origin: string): Promise<boolean> {
  return await browser.permissions.contains({ origins: [permissionPatternOf(origin)] })
}

/** Those of some origins that the browser permits us to be at, asked now. */
export async function permitted(origins: Iterable<string>): Promise<string[]> {
  const checked = [...origins].map(async (origin) => ({ origin, allowed: await isPermitted(origin) }))
  return (await Promise.all(checked)).filter(({ allowed }) => allowed).map(({ origin }) => origin)
}
