import { cancelEvent, hideEvent, on, page } from './primordials.ts'

/**
 * Act on an event of ours that reaches this window, before any listener of the page sees it: none does. It is cancelled, which
 * tells who dispatched it that somebody is here.
 */
export function answer(type: string, act: () => void): void {
  const heard = (event: Event) => {
    cancelEvent(event)
    hideEvent(event)
    act()
  }
  // Firefox tells a window's capturing listeners first, in whatever order they came.
  on(page, type, heard, true)
}
