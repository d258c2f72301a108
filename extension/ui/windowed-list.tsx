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
      { rootMargin: NEAR },
    )
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  const height = drawn.current ?? items.length * props.height
  return (
    <div ref={place} style={near ? undefined : { blockSize: `${height}px` }}>
      {near ? (
        <ul class={props.listClass} aria-label={props.label}>
          {items.map(props.row)}
        </ul>
      ) : null}
    </div>
  )
}

function partLabel(label: string, part: number, all: number): string {
  const number = new Intl.NumberFormat(textLanguage())
  const last = Math.min(all, (part + 1) * PART)
  return t('partOf', label, number.format(part * PART + 1), number.format(last), number.format(all))
}
