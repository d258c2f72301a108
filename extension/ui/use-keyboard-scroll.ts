import type { RefObject } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'

/**
 * For a box that scrolls what is too long for it: while it does, the keyboard reaches it, and only then. Without that
 * whoever has no mouse allows what is below the fold unseen.
 *
 * @returns goes to the box as its `ref`.
 */
export function useKeyboardScroll<E extends HTMLElement>(): RefObject<E | null> {
  const box = useRef<E>(null)
  useLayoutEffect(() => {
    const element = box.current
    if (element === null) return
    const observer = new ResizeObserver(() => {
      if (scrolls(element)) element.tabIndex = 0
      else element.removeAttribute('tabindex')
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  return box
}

function scrolls(box: HTMLElement): boolean {
  return box.scrollHeight > box.clientHeight || box.scrollWidth > box.clientWidth
}
