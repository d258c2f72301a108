import type { parseArgs } from 'node:util'

/** How pictures are to look: what a person may have set, beside what is shown. */
export interface PictureLook {
  /** Dark ones only; absent: light and dark where both are taken. */
  dark: boolean
  forcedColors: boolean
  /** Of the browser, in percent. */
  zoom: number
  /** Written from right to left. */
  rtl: boolean
  /** One of the build's locales. */
  language: string
  /** Of the window, in CSS pixels before the zoom; null: each page's own. */
  width: number | null
}

/** The switches that a look is made of, for `parseArgs`. */
export const LOOK_OPTIONS = {
  dark: { type: 'boolean', default: false },
  'forced-colors': { type: 'boolean', default: false },
  zoom: { type: 'string', default: '100' },
  rtl: { type: 'boolean', default: false },
  language: { type: 'string', default: 'en' },
  width: { type: 'string', default: '' },
} as const

type LookValues = ReturnType<typeof parseArgs<{ options: typeof LOOK_OPTIONS }>>['values']

/** @throws where a figure is none that a browser has: zoom from 25 to 500, width from 200 to 4000. */
export function lookOf(values: LookValues): PictureLook {
  const { dark, rtl, language, 'forced-colors': forcedColors } = values
  const zoom = within('zoom', values.zoom, 25, 500)
  const width = values.width === '' ? null : within('width', values.width, 200, 4000)
  return { dark, forcedColors, zoom, rtl, language, width }
}

/** The same look as switches of another process. */
export function lookArguments({ dark, forcedColors, zoom, rtl, language, width }: PictureLook): string[] {
  return [
    ...(dark ? ['--dark'] : []),
    ...(forcedColors ? ['--forced-colors'] : []),
    ...['--zoom', String(zoom), '--language', language],
    ...(rtl ? ['--rtl'] : []),
    ...(width === null ? [] : ['--width', String(width)]),
  ]
}

/** The window that a page of this size is shown in: zoomed, it has as many fewer CSS pixels as each of them is larger. */
export function windowOf({ zoom, width }: PictureLook, own: { width: number; height: number }) {
  const scale = zoom / 100
  return {
    width: Math.round((width ?? own.width) / scale),
    height: Math.round(own.height / scale),
    deviceScaleFactor: scale,
  }
}

function within(name: string, text: string, least: number, most: number): number {
  const figure = Number(text)
  if (Number.isInteger(figure) && figure >= least && figure <= most) return figure
  throw new RangeError(`--${name} takes a whole number from ${least} to ${most}, not ${text}`)
}
