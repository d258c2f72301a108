/**
 * What the timeline uses of uPlot, and no more: the package's own types let through options that nothing reads, and their enums are
 * of a kind that a bundler does not have.
 */
declare module 'uplot' {
  /** A plot in the page. Lengths are CSS pixels, `left` and `top` from the corner of the field that the bars are in. */
  class uPlot {
    constructor(options: uPlot.Options, data: uPlot.AlignedData, place: HTMLElement)
    readonly over: HTMLElement
    readonly data: uPlot.AlignedData
    readonly select: uPlot.Box
    /** What the hand points at; null: at nothing. */
    readonly cursor: { readonly idx?: number | null }
    setData(data: uPlot.AlignedData): void
    setSize(size: { width: number; height: number }): void
    setCursor(place: { left: number; top: number }, tell: boolean): void
    setSelect(box: uPlot.Box, tell: boolean): void
    valToPos(value: number, scale: 'x' | 'y'): number
    /** Number of the nearest bar. */
    posToIdx(left: number): number
    destroy(): void
    static readonly paths: {
      readonly bars?: (options: { size: [part: number, most: number] }) => uPlot.Paths
    }
  }
  namespace uPlot {
    type Paint = string | CanvasPattern
    /** Places along the time, and a list of figures for each series. */
    type AlignedData = [number[], ...number[][]]
    type Paths = (plot: uPlot, series: number, from: number, to: number) => object | null
    interface Box {
      left: number
      top: number
      width: number
      height: number
    }
    interface Scale {
      time?: boolean
      dir?: 1 | -1
      range: (plot: uPlot, least: number, most: number | null) => [number, number]
    }
    interface Line {
      show?: boolean
      stroke?: Paint
      width?: number
      dash?: number[]
    }
    interface Axis {
      /** 0 above, 1 to the right, 2 below, 3 to the left. */
      side?: 0 | 1 | 2 | 3
      stroke?: Paint
      font?: string
      size?: number | ((plot: uPlot, values: string[] | null) => number)
      gap?: number
      /** Least room for a word. */
      space?: number
      incrs?: number[]
      values?: (plot: uPlot, splits: number[]) => string[]
      grid?: Line
      ticks?: Line
      border?: Line
    }
    interface Series {
      fill?: () => Paint
      width?: number
      points?: { show: boolean }
      paths?: Paths
    }
    namespace Cursor {
      type MouseListener = (event: MouseEvent) => null
      type MouseListenerFactory = (
        plot: uPlot,
        target: HTMLElement,
        follow: MouseListener,
      ) => MouseListener | null
      type Bind = Partial<
        Record<'mousemove' | 'mouseleave' | 'mousedown' | 'mouseup' | 'dblclick', MouseListenerFactory>
      >
    }
    interface Options {
      width: number
      height: number
      padding: [top: number, right: number, bottom: number, left: number]
      legend: { show: boolean }
      scales: { x: Scale; y: Scale }
      axes: Axis[]
      series: Series[]
      cursor: {
        y: boolean
        points: { show: boolean }
        drag: { x: boolean; y: boolean; setScale: boolean; dist: number }
        bind: Cursor.Bind
      }
      hooks: { setSelect: ((plot: uPlot) => void)[] }
    }
  }
  export default uPlot
}
