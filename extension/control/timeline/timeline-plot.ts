import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import type { AuditBar } from '../../../shared/protocol/audit-reading.ts'
import { type Fill, paintOf, type TimelinePaint } from './timeline-paint.ts'

/** What a plot shows. */
export interface Plotted {
  bars: readonly AuditBar[]
  /** What stands under a bar, by its number. */
  nameOf: (at: number) => string
  figureOf: (calls: number) => string
  /** Time goes from right to left. */
  backwards: boolean
}

/** Where the keyboard is: a bar, and the first and last of what is chosen; null where nothing is. */
export interface PlotCursor {
  at: number
  chosen: readonly [number, number] | null
}

/** What a hand does on a plot. */
export interface PlotListener {
  /** Null: it points at nothing any more. */
  onPoint: (at: number | null) => void
  onChoose: (from: number, to: number) => void
}

/** Part of the highest bar that any calls have at least, so that one among thousands is still seen. */
const LEAST = 0.012
/** Steps between words on the axes: of time as clocks and calendars have them, of calls whole ones. */
const TIME_STEPS = [1, 2, 3, 4, 5, 6, 7, 10, 12, 14, 15, 20, 24, 30]
const CALL_STEPS = Array.from({ length: 13 }, (_, power) => [1, 2, 5].map((one) => one * 10 ** power)).flat()
/** Room that words on the axes have, in CSS pixels. */
const WORD_WIDTH = 76
const WORD_HEIGHT = 32
const SIDE = 14

/** Calls over time, drawn by uPlot in the colours of the legend beside it. */
export class TimelinePlot {
  readonly #place: HTMLElement
  readonly #listener: PlotListener
  readonly #resized: ResizeObserver
  #plotted: Plotted
  #cursor: PlotCursor | null = null
  /** A hand is choosing: what comes meanwhile takes nothing out of it. */
  #isHeld = false
  #plot: uPlot

  /** @param place empty, of the size that the plot is to have, within a `figure` that has its legend. */
  constructor(place: HTMLElement, plotted: Plotted, listener: PlotListener) {
    this.#place = place
    this.#plotted = plotted
    this.#listener = listener
    this.#plot = this.#draw()
    this.#resized = new ResizeObserver(() => this.#plot.setSize(this.#size()))
    this.#resized.observe(place)
  }

  /** Show something else, in the same direction. */
  show(plotted: Plotted): void {
    this.#plotted = plotted
    this.#plot.setData(layersOf(plotted.bars))
    if (this.#cursor !== null) this.point(this.#cursor)
  }

  /** Draw it anew: the colours or the font of the page have changed. */
  repaint(): void {
    this.#plot.destroy()
    this.#plot = this.#draw()
    if (this.#cursor !== null) this.point(this.#cursor)
  }

  /** Point at a bar and at what is chosen, for the keyboard; null: at nothing. */
  point(cursor: PlotCursor | null): void {
    const before = this.#cursor
    this.#cursor = cursor
    if (this.#isHeld || (cursor === null && before === null)) return
    const x = cursor === null ? -10 : this.#plot.valToPos(cursor.at, 'x')
    this.#plot.setCursor({ left: x, top: cursor === null ? -10 : 0 }, false)
    const [first, last] = cursor?.chosen ?? [0, -1]
    const ends = [first - 0.5, last + 0.5].map((at) => this.#plot.valToPos(at, 'x'))
    const box = { left: Math.min(...ends), width: Math.max(...ends) - Math.min(...ends) }
    const height = last < first ? 0 : this.#plot.over.clientHeight
    this.#plot.setSelect({ ...(last < first ? { left: 0, width: 0 } : box), top: 0, height }, false)
  }

  /** Let go of the page. */
  close(): void {
    this.#resized.disconnect()
    this.#plot.destroy()
  }

  #size(): { width: number; height: number } {
    return { width: this.#place.clientWidth, height: this.#place.clientHeight }
  }

  #draw(): uPlot {
    const paint = paintOf(this.#place.closest('figure') ?? this.#place)
    const { backwards, bars } = this.#plotted
    const options: uPlot.Options = {
      ...this.#size(),
      // Half of the last word stands beside the last bar.
      padding: [8, backwards ? 0 : SIDE, 0, backwards ? SIDE : 0],
      legend: { show: false },
      scales: {
        x: { time: false, dir: backwards ? -1 : 1, range: (plot) => [-0.5, plot.data[0].length - 0.5] },
        y: { range: (_, __, most) => [0, Math.max(1, most ?? 0) * 1.06] },
      },
      axes: this.#axes(paint),
      series: [{}, ...[paint.sent, paint.failed, paint.refused].map(seriesOf)],
      cursor: {
        y: false,
        points: { show: false },
        drag: { x: true, y: false, setScale: false, dist: 4 },
        bind: this.#hand(),
      },
      hooks: { setSelect: [(plot) => this.#chosen(plot)] },
    }
    return new uPlot(options, layersOf(bars), this.#place)
  }

  #axes({ ink, line, font }: TimelinePaint): uPlot.Axis[] {
    const common = { stroke: ink, font, ticks: { show: false } }
    const time: uPlot.Axis = {
      ...common,
      grid: { show: false },
      border: { show: true, stroke: line, width: 1 },
      size: 26,
      gap: 6,
      space: WORD_WIDTH,
      incrs: TIME_STEPS,
      values: (_, splits) => splits.map((at) => (Number.isInteger(at) ? this.#nameOf(at) : '')),
    }
    const calls: uPlot.Axis = {
      ...common,
      side: this.#plotted.backwards ? 1 : 3,
      grid: { stroke: line, width: 1, dash: [2, 4] },
      size: (_, values) => 18 + 7 * Math.max(1, ...(values ?? []).map(({ length }) => length)),
      space: WORD_HEIGHT,
      incrs: CALL_STEPS,
      values: (_, splits) => splits.map((count) => this.#plotted.figureOf(count)),
    }
    return [time, calls]
  }

  /** What a hand does, after the library has followed it: what the keyboard or new figures do to the plot is not told back. */
  #hand(): uPlot.Cursor.Bind {
    const after =
      (tell: (plot: uPlot) => void): uPlot.Cursor.MouseListenerFactory =>
      (plot, _, follow) =>
      (event) => {
        const nothing = follow(event)
        tell(plot)
        return nothing
      }
    return {
      mousemove: after(({ cursor: { idx } }) => this.#listener.onPoint(idx ?? null)),
      mouseleave: after(() => this.#listener.onPoint(null)),
      mousedown: after(() => {
        this.#isHeld = true
      }),
      mouseup: after((plot) => {
        this.#isHeld = false
        // What was chosen is told by now, and another plot comes of it.
        plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
      }),
      // Twice means nothing here.
      dblclick: () => null,
    }
  }

  #nameOf(at: number): string {
    return at >= 0 && at < this.#plotted.bars.length ? this.#plotted.nameOf(at) : ''
  }

  #chosen(plot: uPlot): void {
    const { left, width } = plot.select
    if (width === 0) return
    const [one, other] = [plot.posToIdx(left), plot.posToIdx(left + width)]
    this.#listener.onChoose(Math.min(one, other), Math.max(one, other))
  }
}

/** Bars on top of one another: the highest first, then over it what of it was not sent. */
function layersOf(bars: readonly AuditBar[]): uPlot.AlignedData {
  const least = LEAST * Math.max(1, ...bars.map(({ calls }) => calls))
  const seen = (count: number) => (count <= 0 ? 0 : Math.max(least, count))
  const refused = bars.map((bar) => seen(bar.refused))
  const failed = bars.map((bar, at) => (refused[at] ?? 0) + seen(bar.failed ?? 0))
  const sent = bars.map((bar, at) => (failed[at] ?? 0) + seen(bar.calls - bar.refused - (bar.failed ?? 0)))
  return [bars.map((_, at) => at), sent, failed, refused]
}

function seriesOf(fill: Fill): uPlot.Series {
  // Longer than this a single bar is a wall, in CSS pixels.
  const paths = uPlot.paths.bars?.({ size: [0.8, 48] })
  return { fill: () => fill, width: 0, points: { show: false }, ...(paths ? { paths } : {}) }
}
