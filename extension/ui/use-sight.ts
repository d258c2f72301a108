import type { RefObject } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

/** How far beyond the window an element counts as reached, so that it is ready when it comes. */
const AHEAD = '0px 0px 400px 0px'
/** The same for an element that is reached until it was scrolled past, however far down it is. */
const UNTIL_PAST = '0px 0px 1000000px 0px'

/**
 * Tells when an element is reached by scrolling, and when it is not any more.
 *
 * @param how `above`: everything that was not scrolled past is reached. `again`: tell anew whenever it is another.
 * @returns for the element.
 */
export function useSight(
  how: { above?: boolean; again?: unknown },
  tell: (isReached: boolean) => void,
): RefObject<HTMLDivElement | null> {
  const element = useRef<HTMLDivElement>(null)
  const told = useRef(tell)
  told.current = tell
  // An observer that is made anew tells at once.
  useEffect(() => {
    if (element.current === null) return
    const observer = new IntersectionObserver(
      (entries) => told.current(entries.at(-1)?.isIntersecting === true),
      { rootMargin: how.above ? UNTIL_PAST : AHEAD },
    )
    observer.observe(element.current)
    return () => observer.disconnect()
  }, [how.again, how.above])
  return element
}
