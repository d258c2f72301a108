/** Size of the window that asks, in CSS pixels of the screen. */
export const APPROVAL_WIDTH = 420
export const APPROVAL_HEIGHT = 640

/** Distance to the edges of the window it stands in front of. */
const MARGIN = 24

/** Outer edges of a window on the screen. The browser leaves out what it does not tell. */
export interface Edges {
  left?: number | undefined
  top?: number | undefined
  width?: number | undefined
}

/**
 * Where the window that asks goes: to the top right of the window the owner had last, where permission prompts are looked for.
 *
 * @returns null where the browser does not say where that window is.
 */
export function approvalPlace(last: Edges): { left: number; top: number } | null {
  const { left, top, width } = last
  if (left === undefined || top === undefined || width === undefined) return null
  return {
    left: Math.max(0, Math.round(left + width - APPROVAL_WIDTH - MARGIN)),
    top: Math.max(0, top + MARGIN),
  }
}
