import type { RefObject } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'

/** What is always drawn whole, and the one thing that scrolls where there is no room for all of it. */
const PIECES = '.popup-head, .popup-content, .toast-place, .popup-foot'

/**
 * Has the page be as high as everything in the popup is together, whatever of it the window shows: a browser makes a popup's window
 * by its page. Told in CSS pixels, as `--wished` of the page's body, before the first picture and after every change.
 *
 * @returns goes to the popup's own box as its `ref`.
 */
export function useWishedHeight(): RefObject<HTMLDivElement | null> {
  const box = useRef<HTMLDivElement>(null)
  const observer = useRef<ResizeObserver | null>(null)
  // After each picture: the foot comes and goes.
  useLayoutEffect(() => {
    const element = box.current
    if (element === null) return
    const tell = () => tellHeight(element)
    observer.current?.disconnect()
    observer.current = new ResizeObserver(tell)
    for (const piece of element.querySelectorAll(PIECES)) observer.current.observe(piece)
    tell()
  })
  useLayoutEffect(() => () => observer.current?.disconnect(), [])
  return box
}

function tellHeight(box: HTMLElement): void {
  const heights = [...box.querySelectorAll(PIECES)].map((piece) => piece.getBoundingClientRect().height)
  const all = Math.ceil(heights.reduce((sum, height) => sum + height, 0))
  document.body.style.setProperty('--wished', `${all}px`)
}
