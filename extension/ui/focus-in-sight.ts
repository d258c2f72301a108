import { isInSight } from './kept-focus.ts'

/** How long after a stop something may still come that moves it, as a part does that is loaded first, ms. */
const SOON_MS = 5000

/**
 * Brings what has the focus of whoever goes by keys back into sight, where something that came late above it has pushed it out. A
 * browser scrolls to it once, as it gets the focus, and holds still what stands at the top of the window, not it.
 *
 * Whoever has scrolled or pressed anything since is where they want to be: nothing moves then.
 */
export function keepFocusInSight(page: Document): void {
  let since = Number.NEGATIVE_INFINITY
  const letGo = () => {
    since = Number.NEGATIVE_INFINITY
  }
  page.addEventListener('focusin', () => {
    since = performance.now()
  })
  for (const name of ['wheel', 'touchmove', 'pointerdown'] as const)
    page.addEventListener(name, letGo, { capture: true, passive: true })
  // The key that went to the stop was pressed before it.
  page.addEventListener('keydown', letGo, { capture: true })
  new ResizeObserver(() => {
    const held = page.activeElement
    if (performance.now() - since > SOON_MS || held === null || !held.matches(':focus-visible')) return
    if (held instanceof HTMLElement && !isInSight(held)) held.scrollIntoView({ block: 'nearest' })
  }).observe(page.body)
}
