/** Where the keyboard is among the bars of a timeline. */
export interface TimelineCursor {
  /** Number of the bar that is pointed at, counted from 0. */
  at: number
  /** Where a choice of several began; null: none has. */
  from: number | null
}

/** A far step: of hours a quarter of a day. */
const FAR = 6

/** How far each key goes along the time; those along the line turn around where it is written from right to left. */
const STEPS: Readonly<Record<string, number>> = {
  ArrowRight: 1,
  ArrowLeft: -1,
  ArrowUp: 1,
  ArrowDown: -1,
  PageUp: FAR,
  PageDown: -FAR,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
}
const ALONG_THE_LINE = ['ArrowRight', 'ArrowLeft']

/**
 * Where a key leads, as on any slider; with Shift the bars between are chosen.
 *
 * @param bars how many there are. @returns null for a key that leads nowhere.
 */
export function afterKey(
  { key, shiftKey }: Pick<KeyboardEvent, 'key' | 'shiftKey'>,
  { at, from }: TimelineCursor,
  { bars, backwards }: { bars: number; backwards: boolean },
): TimelineCursor | null {
  const step = STEPS[key]
  if (step === undefined || bars === 0) return null
  const along = backwards && ALONG_THE_LINE.includes(key) ? -step : step
  const next = Math.min(bars - 1, Math.max(0, at + along))
  return { at: next, from: shiftKey ? (from ?? at) : null }
}

/** The first and the last bar of what is chosen: the one that is pointed at where nothing more is. */
export function chosenBars({ at, from }: TimelineCursor): readonly [number, number] {
  const other = from ?? at
  return [Math.min(at, other), Math.max(at, other)]
}
