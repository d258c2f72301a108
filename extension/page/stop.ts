import { apply, bare, isGecko, later, page } from './primordials.ts'
import { replace } from './replace.ts'

/** What `window.stop()` ends, by the order in which it began. */
const ends: Record<number, () => void> = bare()
let last = 0
let stops = 0

/** How often the page was stopped. */
export const stopCount = (): number => stops

/** Have something ended when the page is stopped. @returns for what has ended by itself. */
export function whenStopped(end: () => void): () => void {
  last += 1
  const number = last
  ends[number] = end
  return () => {
    delete ends[number]
  }
}

/** Let `window.stop()` end caught calls as it ends the browser's own: in Chromium before it returns, in Firefox soon after. */
export function watchStop(): void {
  replace(page, 'stop', (native, self, args) => {
    apply(native, self, args)
    stops += 1
    for (const number in ends) {
      const run = () => ends[number]?.()
      if (isGecko) later(run, 0)
      else run()
    }
  })
}
