import type { BrowserName } from '../../../scripts/find-browser.ts'
import { CHAPTERS, type Chapter, ONE_BROWSER, type Picture } from './pictures.ts'

/** The pictures of a chapter that the other browser alone shows, which the walk says instead of taking them. */
export function leftOutIn(browser: BrowserName, chapter: Chapter): { name: Picture; because: string }[] {
  return CHAPTERS[chapter].flatMap((name: Picture) => {
    const only = ONE_BROWSER[name]
    return only === undefined || only.browser === browser ? [] : [{ name, because: only.because }]
  })
}

/** What a walk of a chapter has failed to take. */
export function missingOf(chapter: Chapter, browser: BrowserName, taken: readonly Picture[]): Picture[] {
  const leftOut = leftOutIn(browser, chapter).map(({ name }) => name)
  return CHAPTERS[chapter].filter((name: Picture) => !taken.includes(name) && !leftOut.includes(name))
}
