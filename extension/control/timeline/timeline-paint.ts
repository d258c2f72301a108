/** What fills a kind of calls in a plot. */
export type Fill = string | CanvasPattern

/** Everything that the plot is painted with, as the page around it is at the moment. */
export interface TimelinePaint {
  sent: Fill
  refused: Fill
  failed: Fill
  /** Words and lines of the axes, as CSS colours. */
  ink: string
  line: string
  /** A font as a canvas takes it. */
  font: string
}

/** Length of one repetition of a pattern, in CSS pixels. */
const TILE = 6

/**
 * The paint of a timeline, taken from its legend as the browser shows it: tokens, dark, more contrast and the colours that a
 * system forces are all in there, and the plot is never another colour than what names it.
 */
export function paintOf(figure: Element): TimelinePaint {
  const { color, fontSize, fontFamily } = getComputedStyle(figure.querySelector('.timeline-axis') ?? figure)
  const { borderTopColor } = getComputedStyle(figure.querySelector('.timeline-canvas') ?? figure)
  const sent = markOf(figure, 'sent')
  const refused = markOf(figure, 'refused')
  const failed = markOf(figure, 'failed')
  return {
    sent: sent.color,
    refused: pattern(refused, hatch) ?? refused.color,
    failed: pattern(failed, stripe) ?? failed.color,
    ink: color,
    line: borderTopColor,
    font: `${fontSize} ${fontFamily}`,
  }
}

interface Mark {
  color: string
  ground: string
}

function markOf(figure: Element, kind: string): Mark {
  const mark = figure.querySelector(`.timeline-mark-${kind}`) ?? figure
  const { color, backgroundColor } = getComputedStyle(mark)
  return { color, ground: backgroundColor }
}

/** Told apart without colour as well. @returns null where there is no canvas to be had. */
function pattern(
  mark: Mark,
  draw: (context: CanvasRenderingContext2D, side: number) => void,
): CanvasPattern | null {
  const side = Math.max(2, Math.round(TILE * devicePixelRatio))
  const tile = document.createElement('canvas')
  tile.width = side
  tile.height = side
  const context = tile.getContext('2d')
  if (context === null) return null
  context.fillStyle = mark.ground
  context.fillRect(0, 0, side, side)
  context.fillStyle = mark.color
  context.strokeStyle = mark.color
  draw(context, side)
  return context.createPattern(tile, 'repeat')
}

/** From the lower left to the upper right, over the corners too, so that tiles join. */
function hatch(context: CanvasRenderingContext2D, side: number): void {
  context.lineWidth = side * 0.4
  context.beginPath()
  for (const shift of [-side, 0, side]) {
    context.moveTo(shift - side, side * 2)
    context.lineTo(shift + side * 2, -side)
  }
  context.stroke()
}

function stripe(context: CanvasRenderingContext2D, side: number): void {
  context.fillRect(0, 0, side, side * 0.6)
}
