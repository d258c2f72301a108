import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { t, textLanguage } from './strings.ts'
import './windowed-list.css'

/** Rows of one part: a part is shown whole or not at all. */
export const PART = 40
/** How near the window a part has to be to be drawn. */
const NEAR = '600px 0px'

/**
 * A list of any length of which only what is near the window is in the page.
 *
 * @param props.row one `<li>` with its own key. @param props.height what a row takes about, in pixels, until it was drawn once.
 */
export function WindowedList<T>(props: {
  items: readonly T[]
  label: string
  height: number
  /** Of each part's list; absent: `list`. */
  listClass?: string
  row: (item: T) => ComponentChildren
}) {
  const { items, listClass = 'list' } = props
  const count = Math.ceil(items.length / PART)
  const [focused, setFocused] = useState<number | null>(null)
  return (
    <div class="list-parts">
      {Array.from({ length: count }, (_, part) => (
        <Part
          // Parts have no identity but their place.
          key={part}
          label={count === 1 ? props.label : partLabel(props.label, part, items.length)}
          items={items.slice(part * PART, (part + 1) * PART)}
          height={props.height}
          listClass={listClass}
          row={props.row}
          isFirst={part === 0}
          // The Tab key goes to what is in the page at that moment.
          isBesideFocus={focused !== null && Math.abs(part - focused) <= 1}
          onFocus={() => setFocused(part)}
        />
      ))}
    </div>
  )
}

function Part<T>(props: {
  items: readonly T[]
  label: string
  height: number
  listClass: string
  row: (item: T) => ComponentChildren
  isFirst: boolean
  isBesideFocus: boolean
  onFocus: () => void
}) {
  const { items } = props
  const place = useRef<HTMLDivElement>(null)
  const drawn = useRef<number | null>(null)
  const [near, setNear] = useState(props.isFirst)
  useEffect(() => {
    const element = place.current
    if (element === null) return
    const observer = new IntersectionObserver(
      (entries) => {
        const isNear = entries.at(-1)?.isIntersecting === true
        // Whoever works in it with the keyboard must not lose it.
        if (!isNear && element.contains(document.activeElement)) return
        if (!isNear && element.firstElementChild !== null) drawn.current = element.offsetHeight
        setNear(isNear)
      },
      { root: scrollerOf(element), rootMargin: NEAR },
    )
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  const isDrawn = near || props.isBesideFocus
  const height = drawn.current ?? items.length * props.height
  return (
    <div ref={place} onFocusIn={props.onFocus} style={isDrawn ? undefined : { blockSize: `${height}px` }}>
      {isDrawn ? (
        <ul class={props.listClass} aria-label={props.label}>
          {items.map(props.row)}
        </ul>
      ) : null}
    </div>
  )
}

/**
 * What an element scrolls in; null: the window. What is near is told only around the very box that scrolls: around another, a part would
 * be drawn when it is in sight, and the Tab key would pass it over.
 */
function scrollerOf(element: Element): Element | null {
  const { body, documentElement } = document
  for (
    let box = element.parentElement;
    box !== null && box !== body && box !== documentElement;
    box = box.parentElement
  )
    if (/auto|scroll/.test(getComputedStyle(box).overflowY)) return box
  return null
}

function partLabel(label: string, part: number, all: number): string {
  const number = new Intl.NumberFormat(textLanguage())
  const last = Math.min(all, (part + 1) * PART)
  return t('partOf', label, number.format(part * PART + 1), number.format(last), number.format(all))
}
