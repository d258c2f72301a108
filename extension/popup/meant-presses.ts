import { type PressPlace, SeenPlaces } from './seen-places.ts'

/** What a hand can press. */
const PRESSABLE = 'button, a[href], input, select, summary, label'
/** What of the popup scrolls below its head. */
const SCROLLED = '.popup-body'
/** What in there does not. */
const PINNED = '.connect-bar'

/**
 * Lets a press do something only where it was meant for what it hits: not where another button stood at that place until just now
 * and something that came late pushed it away. The keyboard and assistive software press things, not places: they are let through.
 *
 * @param onStray told each time a press did nothing, so that nobody wonders.
 */
export function onlyMeantPresses(root: HTMLElement, onStray: () => void): void {
  const seen = new SeenPlaces<Element>(() => performance.now())
  const look = () => seen.see(placesOf(root))
  new MutationObserver(look).observe(root, {
    ...{ subtree: true, childList: true, characterData: true },
    attributes: true,
    attributeFilter: ['class', 'hidden', 'open'],
  })
  // What is pinned stands elsewhere once the form it ends is scrolled past.
  root.addEventListener('scroll', look, { capture: true, passive: true })
  const judge = (event: MouseEvent) => {
    const thing = event.target instanceof Element ? event.target.closest(PRESSABLE) : null
    if (thing === null || event.detail === 0) return
    look()
    const scrolled = root.querySelector(SCROLLED)?.scrollTop ?? 0
    if (!seen.isMoved(thing, event.clientX, event.clientY, scrolled)) return
    // SECURITY: before anything else hears of it: a revoke or a yes that was meant for its neighbour is none.
    event.preventDefault()
    event.stopImmediatePropagation()
    onStray()
  }
  window.addEventListener('click', judge, { capture: true })
  look()
}

function placesOf(root: HTMLElement): PressPlace<Element>[] {
  const body = root.querySelector(SCROLLED)
  const scrolled = body?.scrollTop ?? 0
  return [...root.querySelectorAll(PRESSABLE)].map((thing) => {
    const { left, right, top, bottom } = thing.getBoundingClientRect()
    const isPinned = body?.contains(thing) !== true || thing.closest(PINNED) !== null
    const down = isPinned ? 0 : scrolled
    return { thing, isPinned, left, right, top: top + down, bottom: bottom + down }
  })
}
