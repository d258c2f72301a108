import type { Page } from 'puppeteer-core'

/** How a thing to press stands in its window, wherever what scrolls is scrolled to. */
export interface PressSight {
  /** Of the window, in CSS pixels. */
  height: number
  /** It is whole within the window, wherever what scrolls was scrolled to. */
  whole: boolean
  /** Nothing lies over its middle at any of these. */
  onTop: boolean
}

/**
 * Whether the button with this text is in sight.
 *
 * @param scroller selector of the box that scrolls; `:root`: the page. @param parts of the way down, from 0 to 1.
 */
export function pressInSight(
  page: Page,
  text: string,
  scroller: string,
  parts: readonly number[] = [0, 0.5, 1],
): Promise<PressSight> {
  return page.evaluate(
    (wanted, selector, ways) => {
      const button = [...document.querySelectorAll('button')].find((one) => one.textContent === wanted)
      const box = document.querySelector(selector)
      if (button === undefined || box === null) throw new Error(`there is no button \`${wanted}\``)
      const looks = ways.map((part) => {
        box.scrollTop = part * (box.scrollHeight - box.clientHeight)
        const { left, right, top, bottom } = button.getBoundingClientRect()
        const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2)
        return { whole: top >= 0 && bottom <= innerHeight, onTop: hit === button }
      })
      return {
        height: innerHeight,
        whole: looks.every(({ whole }) => whole),
        onTop: looks.every(({ onTop }) => onTop),
      }
    },
    text,
    scroller,
    parts,
  )
}
