import type { KeyInput, Page } from 'puppeteer-core'
import type { Driver } from './driver.ts'
import { eventually } from './eventually.ts'
import { mayClose } from './of-closing.ts'

/** What has the focus in a page, as somebody without a mouse meets it. */
export interface Focused {
  /** What it is and is called: `BUTTON Revoke`. Empty: the page itself has it. */
  readonly what: string
  /** Of the line around it, in CSS pixels, measured. */
  readonly outline: number
  /** It is in the window, and nothing else lies over it. */
  readonly isSeen: boolean
  /** The page has the keyboard: the browser's own buttons have not. */
  readonly isPages: boolean
}

/** Most stops of a page: more says that the keyboard goes around and does not come to what is sought. */
const MOST_STOPS = 90

/** Uses one page by the keyboard alone. */
export class ByKeyboard {
  readonly page: Page
  readonly #driver: Pick<Driver, 'giveKeyboard'>

  /** @param page looked at from now on: see {@link lost}. */
  static async at(driver: Pick<Driver, 'giveKeyboard'>, page: Page): Promise<ByKeyboard> {
    await page.evaluate(watchFocus)
    return new ByKeyboard(driver, page)
  }

  private constructor(driver: Pick<Driver, 'giveKeyboard'>, page: Page) {
    this.page = page
    this.#driver = driver
  }

  /** Come back to the page from another one. */
  async comeBack(): Promise<void> {
    await this.page.bringToFront()
    await this.#inPage()
  }

  /** What has the focus now. */
  focused(): Promise<Focused> {
    return this.page.evaluate(focusedThing)
  }

  /** What the focus was lost from, so that in a picture the page itself had it. */
  lost(): Promise<string[]> {
    return this.page.evaluate(() => (globalThis as { focusLosses?: string[] }).focusLosses ?? [])
  }

  /**
   * Tab, forwards or backwards, to what is called so; every stop on the way must be seen to have the focus.
   *
   * @throws where the keyboard does not come to it.
   */
  async to(name: string, backwards = false): Promise<void> {
    await this.#inPage()
    for (let stop = 0; stop < MOST_STOPS; stop += 1) {
      const { what } = await this.focused()
      if (what.includes(name)) return
      await this.tab(backwards)
    }
    throw new Error(`the keyboard does not come to \`${name}\`, but to \`${(await this.focused()).what}\``)
  }

  /** One stop on. @throws where that is not seen to have the focus. */
  async tab(backwards = false): Promise<void> {
    if (backwards) await this.page.keyboard.down('Shift')
    await this.page.keyboard.press('Tab')
    if (backwards) await this.page.keyboard.up('Shift')
    // A title is no stop: the page itself went there, as something else went.
    await this.#inPage(
      'what has the focus is seen to have it',
      ({ what, outline, isSeen }) => /^H\d /.test(what) || (outline >= 2 && isSeen),
    )
  }

  /**
   * Until something holds of what has the focus. After the last stop the browser's own buttons have it, from which a hand goes on to
   * the page again: where one more press of the Tab key does not, the page is given it.
   */
  async #inPage(what = 'the page has the keyboard', holds = (_: Focused) => true): Promise<void> {
    const look = async () => {
      const found = await this.focused()
      if (!found.isPages) await this.#driver.giveKeyboard(this.page)
      return found
    }
    await eventually(what, look, (found) => found.what === '' || (found.isPages && holds(found)))
  }

  /** Press a key where the focus is. The window may go by it. */
  strike(key: KeyInput): Promise<void> {
    return mayClose(this.page.keyboard.press(key))
  }

  /** Tab to what is called so, once it is there, and press it. The window may go by it. */
  async press(name: string, key: 'Enter' | ' ' = 'Enter'): Promise<void> {
    await this.shows(name)
    await this.to(name)
    await this.strike(key)
  }

  /** Tab to a field and type into it, instead of what is in it. */
  async type(name: string, text: string): Promise<void> {
    await this.shows(name)
    await this.to(name)
    await this.page.keyboard.down('Control')
    await this.page.keyboard.press('a')
    await this.page.keyboard.up('Control')
    await this.page.keyboard.type(text)
  }

  /** Wait until there is something called so that the keyboard can come to. */
  async shows(name: string): Promise<void> {
    await eventually(
      `there is \`${name}\` to press`,
      () => this.page.evaluate(thingsToReach),
      (things) => things.some((what) => what.includes(name)),
    )
  }

  /** Wait until the focus is on what is called so, by itself. */
  async isOn(name: string): Promise<void> {
    await eventually(
      `\`${name}\` has the focus`,
      () => this.focused(),
      ({ what }) => what.includes(name),
    )
  }
}

/** Inside the page: notes each picture in which nothing has the focus, once something had. */
function watchFocus(): void {
  const world = globalThis as { focusLosses?: string[] }
  if (world.focusLosses !== undefined) return
  const losses: string[] = []
  world.focusLosses = losses
  let last = ''
  /** The Tab key went on from the last stop: what comes then is the browser's own. */
  let isAway = false
  const note = () => {
    const { activeElement: has, body } = document
    const isOn = has instanceof HTMLElement && has !== body && !has.matches(':disabled')
    if (isOn) last = `${has.tagName} ${has.ariaLabel ?? has.textContent.slice(0, 60)}`
    return isOn
  }
  addEventListener('focusin', () => {
    isAway = false
    note()
  })
  addEventListener('keydown', ({ key }) => {
    if (key === 'Tab') isAway = note()
  })
  const look = () => {
    const isLost = !note() && !isAway && last !== '' && document.hasFocus()
    if (isLost && losses.at(-1) !== `after ${last}`) losses.push(`after ${last}`)
    requestAnimationFrame(look)
  }
  look()
}

/** Inside the page. A field is called by its label. */
function focusedThing(): Focused {
  const element = document.activeElement
  const isPages = document.hasFocus()
  if (!(element instanceof HTMLElement) || element === document.body)
    return { what: '', outline: 0, isSeen: false, isPages }
  const labels = [...((element as HTMLInputElement).labels ?? [])].map((one) => one.textContent).join(' ')
  // A box that scrolls is a stop too where a browser makes it one, and is called by none of what is in it.
  const own = element.matches('main, div, section, pre, blockquote') ? '' : element.textContent
  const name = element.ariaLabel ?? (labels || own)
  // A box of its own that is not drawn is drawn by what follows it.
  const shown = getComputedStyle(element).opacity === '0' ? element.nextElementSibling : element
  const { outlineStyle, outlineWidth } = getComputedStyle(shown ?? element)
  const box = (shown ?? element).getBoundingClientRect()
  const middle = (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2
  const over = document.elementFromPoint(
    box.left + Math.min(box.width / 2, innerWidth - box.left - 2),
    middle,
  )
  return {
    what: `${element.tagName} ${name.replace(/\s+/g, ' ').trim()}`,
    outline: outlineStyle === 'none' ? 0 : Number.parseFloat(outlineWidth),
    isSeen:
      over !== null && (element.contains(over) || over.contains(element) || shown?.contains(over) === true),
    isPages,
  }
}

/** Inside the page: what the keyboard should come to, as {@link focusedThing} calls it. */
function thingsToReach(): string[] {
  const wanted = 'a[href], button, input, select, textarea, summary, [tabindex="0"]'
  return [...document.querySelectorAll<HTMLElement>(wanted)].flatMap((element) => {
    if (element.matches(':disabled, [aria-disabled=true]') || !element.checkVisibility()) return []
    const labels = [...((element as HTMLInputElement).labels ?? [])].map((one) => one.textContent).join(' ')
    const name = element.ariaLabel ?? (labels || element.textContent)
    return [`${element.tagName} ${name.replace(/\s+/g, ' ').trim()}`]
  })
}
