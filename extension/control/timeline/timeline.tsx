import { useEffect, useId, useMemo, useState } from 'preact/hooks'
import { Button } from '../../ui/button.tsx'
import { counted, t, textLanguage } from '../../ui/strings.ts'
import type { CountsState } from '../activity-counts.ts'
import type { Span } from '../activity-period.ts'
import './timeline.css'
import { afterKey, chosenBars, type TimelineCursor } from './timeline-cursor.ts'
import { TimelineTable } from './timeline-table.tsx'
import { figuresText, sumOfAll, TimelineWords } from './timeline-words.ts'
import { useTimelinePlot } from './use-timeline-plot.ts'

/**
 * Calls over time, those that came to nothing at their feet. Its bars are pointed at with a hand or the keyboard, and said in words;
 * several of them are chosen to see their calls only. A table says the same to whoever does not see them.
 */
export function Timeline(props: {
  state: CountsState
  /** The part of the period that is drawn; null: all of it. */
  span: Span | null
  isByHour: boolean
  onSpan: (span: Span | null) => void
}) {
  const { state, span, onSpan } = props
  const words = useMemo(() => new TimelineWords(state.edges), [state.edges])
  const sum = sumOfAll(state.bars)
  const during =
    span === null
      ? t(props.isByHour ? 'inLastDay' : 'inLastDays', state.bars.length)
      : words.between(0, state.bars.length - 1)
  return (
    <figure class="timeline stack-tight">
      <figcaption class="activity-caption">
        <strong>{counted('callCount', sum.calls)}</strong>
        <span class="small soft">
          {during}
          {sum.refused === 0 ? null : ` · ${t('ofThemRefused', sum.refused)}`}
          {sum.failed === 0 ? null : ` · ${t('ofThemFailed', sum.failed)}`}
        </span>
        {span === null ? null : (
          <Button kind="quiet" small onPress={() => onSpan(null)}>
            {t('timelineWhole')}
          </Button>
        )}
      </figcaption>
      <Legend />
      <Bars state={state} words={words} onSpan={onSpan} isPart={span !== null} />
      <TimelineTable state={state} words={words} />
    </figure>
  )
}

/** What is painted how; the plot takes its colours from here. */
function Legend() {
  return (
    <ul class="timeline-legend small" aria-hidden="true">
      <li>
        <span class="timeline-mark timeline-mark-sent" />
        {t('timelineSent')}
      </li>
      <li>
        <span class="timeline-mark timeline-mark-failed" />
        {t('timelineFailed')}
      </li>
      <li>
        <span class="timeline-mark timeline-mark-refused" />
        {t('timelineRefused')}
      </li>
    </ul>
  )
}

function Bars(props: {
  state: CountsState
  words: TimelineWords
  isPart: boolean
  onSpan: (span: Span | null) => void
}) {
  const { state, words, onSpan } = props
  const { bars, edges } = state
  const hint = useId()
  const [cursor, setCursor] = useState<TimelineCursor | null>(null)
  const [hovered, setHovered] = useState<number | null>(null)
  // Another stretch of time has other bars: nothing of what was pointed at before is meant any more.
  useEffect(() => {
    setCursor((known) => (known === null ? null : { at: bars.length - 1, from: null }))
    setHovered(null)
  }, [edges])
  const backwards = document.documentElement.dir === 'rtl'
  const plotted = useMemo(() => plottedOf(bars, words, backwards), [bars, words, backwards])
  const choose = (from: number, to: number) =>
    onSpan({ since: edges[from] ?? 0, until: edges[to + 1] ?? edges[from] ?? 0 })
  const onPoint = (pointedAt: number | null) => {
    setHovered(pointedAt)
    // Whichever points last is meant: the hand or the keyboard.
    if (pointedAt !== null) setCursor(null)
  }
  const place = useTimelinePlot(plotted, { onPoint, onChoose: choose }, cursor)
  const last = Math.max(0, bars.length - 1)
  const at = Math.min(cursor?.at ?? last, last)
  const [from, to] = chosenBars(cursor ?? { at: hovered ?? at, from: null })
  const isPointed = cursor !== null || hovered !== null
  const said = `${words.between(from, to)}: ${figuresText(sumOfAll(bars.slice(from, to + 1)))}`
  const onKey = (event: KeyboardEvent) => {
    const next = afterKey(event, { at, from: cursor?.from ?? null }, { bars: bars.length, backwards })
    if (next !== null) setCursor(next)
    else if (event.key === 'Enter' && bars.length > 1)
      choose(...chosenBars({ at, from: cursor?.from ?? null }))
    else if (event.key === 'Escape' && (cursor?.from ?? null) !== null) setCursor({ at, from: null })
    else if (event.key === 'Escape' && props.isPart) onSpan(null)
    else return
    event.preventDefault()
  }
  return (
    <>
      <div
        class="timeline-axis small"
        role="slider"
        tabIndex={0}
        aria-label={t('overview')}
        aria-describedby={hint}
        aria-valuemin={0}
        aria-valuemax={last}
        aria-valuenow={at}
        aria-valuetext={said}
        onKeyDown={onKey}
        onFocus={() => setCursor((known) => known ?? (hovered === null ? { at, from: null } : null))}
        onBlur={() => setCursor(null)}
      >
        <div ref={place} class="timeline-canvas" aria-hidden="true" />
      </div>
      {/* The longer text stays where it is, unseen: what stands below must not jump with the pointer. */}
      <div class="timeline-said small">
        <p id={hint} class={isPointed ? 'timeline-unseen' : 'soft'}>
          {t('timelineHint')}
        </p>
        {isPointed ? <p aria-hidden="true">{said}</p> : null}
      </div>
    </>
  )
}

function plottedOf(bars: CountsState['bars'], words: TimelineWords, backwards: boolean) {
  const figures = new Intl.NumberFormat(textLanguage(), { notation: 'compact' })
  return {
    bars,
    nameOf: (at: number) => words.short(at),
    figureOf: (calls: number) => figures.format(calls),
    backwards,
  }
}
