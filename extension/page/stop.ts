import { STOP_EVENT } from '../../shared/protocol/pairing.ts'
import { attempt } from './attempt.ts'
import { answer } from './hidden-event.ts'
import { apply, bare, fire, isGecko, later, NativeEvent, page } from './primordials.ts'
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

/** End what is under way here, and in each frame that this script may look into. */
function endAll(): void {
  stops += 1
  for (const number in ends) {
    const run = () => ends[number]?.()
    if (isGecko) later(run, 0)
    else run()
  }
  for (let i = 0; i < page.length; i++)
    attempt(() => fire((page as unknown as Window)[i] as Window, new NativeEvent(STOP_EVENT)))
}

/**
 * Let `window.stop()` end caught calls as it ends the browser's own: in Chromium before it returns, in Firefox soon after. Frames
 * of other origins are told nothing.
 */
export function watchStop(): void {
  replace(page, 'stop', (native, self, args) => {
    apply(native, self, args)
    endAll()
  })
  answer(STOP_EVENT, endAll)
}
