import { on, page } from './primordials.ts'

let leaving = false

/** Whether the document is being left: what is not said now may never be. */
export const isLeaving = (): boolean => leaving

/** Keep {@link isLeaving} true to the window's events, before any listener of the page. */
export function watchLeaving(): void {
  on(page, 'pagehide', () => (leaving = true), true)
  on(page, 'pageshow', () => (leaving = false), true)
}
