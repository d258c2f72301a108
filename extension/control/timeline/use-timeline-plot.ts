import type { RefObject } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { chosenBars, type TimelineCursor } from './timeline-cursor.ts'
import type { PlotListener, Plotted, TimelinePlot } from './timeline-plot.ts'

/** What the user asks of the system, and what a plot has to be drawn anew for. The theme that the owner sets is beside it. */
const WISHES = ['(prefers-color-scheme: dark)', '(prefers-contrast: more)', '(forced-colors: active)']

/**
 * Draws a plot into an element, as long as that is on the page. The library that draws is loaded by then and not before: no
 * other room has anything of it.
 */
export function useTimelinePlot(
  plotted: Plotted,
  listener: PlotListener,
  cursor: TimelineCursor | null,
): RefObject<HTMLDivElement | null> {
  const place = useRef<HTMLDivElement>(null)
  const plot = useRef<TimelinePlot | null>(null)
  const latest = useRef({ plotted, listener })
  latest.current = { plotted, listener }
  useEffect(() => {
    let isWanted = true
    const repaint = () => plot.current?.repaint()
    const wishes = WISHES.map((wish) => matchMedia(wish))
    for (const wish of wishes) wish.addEventListener('change', repaint)
    const themed = new MutationObserver(repaint)
    themed.observe(document.documentElement, { attributeFilter: ['data-theme'] })
    void import('./timeline-plot.ts').then((library) => {
      if (!isWanted || place.current === null) return
      plot.current = new library.TimelinePlot(place.current, latest.current.plotted, {
        onPoint: (at) => latest.current.listener.onPoint(at),
        onChoose: (from, to) => latest.current.listener.onChoose(from, to),
      })
    })
    return () => {
      isWanted = false
      for (const wish of wishes) wish.removeEventListener('change', repaint)
      themed.disconnect()
      plot.current?.close()
      plot.current = null
    }
  }, [])
  useEffect(() => plot.current?.show(plotted), [plotted])
  useEffect(() => {
    const chosen = cursor === null || cursor.from === null ? null : chosenBars(cursor)
    plot.current?.point(cursor === null ? null : { at: cursor.at, chosen })
  }, [cursor])
  return place
}
