import { parseArgs } from 'node:util'
import type { BrowserName } from '../find-browser.ts'

/** What `npm start -- …` was asked for. */
export interface StartOptions {
  browser: BrowserName
  headless: boolean
  /** Leave the temporary folders and a picture of the popup behind, and say where. */
  keep: boolean
}

export const USAGE = `npm start                        see a page's API call without the page's key
npm start -- --browser firefox   the same in Firefox (default: chromium)
npm start -- --headless          without a window, also where there is a display
npm start -- --keep              leave the pictures behind and say where they are`

/** Read the arguments; null asks for the usage. @throws TypeError for arguments nobody knows. */
export function readOptions(args: string[]): StartOptions | null {
  const { values } = parseArgs({
    args,
    options: {
      browser: { type: 'string', default: 'chromium' },
      headless: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const { browser, headless, keep, help } = values
  if (help) return null
  if (browser !== 'chromium' && browser !== 'firefox') {
    throw new TypeError(`unknown browser \`${browser}\`: choose chromium or firefox`)
  }
  return { browser, headless: headless || !hasDisplay(), keep }
}

function hasDisplay(): boolean {
  if (process.platform === 'darwin' || process.platform === 'win32') return true
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
}
