import type { Driver } from './driver.ts'
import { eventually } from './eventually.ts'
import { PrivilegedScope } from './firefox-privileged.ts'

/** What the toolbar button shows. */
export interface ButtonLook {
  /** Name of the picture, without its size: `live`. Empty where none was chosen yet. */
  readonly mark: string
  readonly text: string
  /** Of the badge: red, green and blue. */
  readonly colour: readonly number[]
}

/** The toolbar button, as it is from now on. */
export interface ToolbarButton {
  look(): Promise<ButtonLook>
  /** Wait until it shows this. */
  shows(expected: Partial<ButtonLook>): Promise<void>
}

const GECKO_ID = 'valetkey@valetkey.org'
const BADGE = `Promise.all([browser.action.getBadgeText({}), browser.action.getBadgeBackgroundColor({})])`

/**
 * No browser tells an extension its own icon. Firefox' own scope does; in Chromium the service worker's order to change it is
 * listened in on, so that what it ordered before is not known.
 */
export async function toolbarButton(driver: Driver): Promise<ToolbarButton> {
  const path = driver.name === 'firefox' ? inFirefox(driver) : await inChromium(driver)
  const look = async () => {
    const [text, colour] = await driver.inBackground<[string, number[]]>(BADGE)
    const mark = /([a-z]+)-\d+\.png$/.exec(await path())?.[1] ?? ''
    return { mark, text, colour: colour.slice(0, 3) }
  }
  const shows = async (expected: Partial<ButtonLook>) => {
    const fits = (found: ButtonLook) => JSON.stringify({ ...found, ...expected }) === JSON.stringify(found)
    await eventually(`the button shows ${JSON.stringify(expected)}`, look, fits, 30_000)
  }
  return { look, shows }
}

async function inChromium(driver: Driver): Promise<() => Promise<string>> {
  await driver.inBackground(`(() => {
    const before = browser.action.setIcon.bind(browser.action)
    browser.action.setIcon = (details) => {
      globalThis.lastIcon = details.path[16]
      return before(details)
    }
  })()`)
  return () => driver.inBackground<string>(`globalThis.lastIcon ?? ''`)
}

function inFirefox(driver: Driver): () => Promise<string> {
  const scope = new PrivilegedScope(driver.browser)
  return () =>
    scope.run<string>(
      `const { ExtensionParent } = ChromeUtils.importESModule('resource://gre/modules/ExtensionParent.sys.mjs')
       const { extension } = WebExtensionPolicy.getByID('${GECKO_ID}')
       const { action } = ExtensionParent.apiManager.global.browserActionFor(extension)
       return String(action.getProperty(null, 'icon')?.[16] ?? '')`,
    )
}
