import type { KeyInput, Page } from 'puppeteer-core'
import type { Driver } from './driver.ts'
import { eventually } from './eventually.ts'
import { type Focused, focusedThing, thingsToReach, watchFocus, watchSaid } from './focus-in-page.ts'
import { mayClose } from './of-closing.ts'

/** Most stops of a page: more says that the keyboard goes around and does not come to what is sought. */
const MOST_STOPS = 140

/** Uses one page by the keyboard alone. */
export class ByKeyboard {
  readonly page: Page
  readonly #driver: Pick<Driver, 'giveKeyboard'>

  /** @param page looked at from now on: see {@link lost}. */
  static async at(driver: Pick<Driver, 'giveKeyboard'>, page: Page): Promise<ByKeyboard> {
    await page.evaluate(watchFocus)
    await page.evaluate(watchSaid)
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

  /** Wait until the page has said a sentence aloud: in a live region that was there before it, or as an alert. */
  async hears(text: string): Promise<void> {
    await eventually(
      `\`${text}\` is said aloud`,
      () => this.page.evaluate(() => (globalThis as { saidAloud?: string[] }).saidAloud ?? []),
      (all) => all.some((said) => said.includes(text)),
    )
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
