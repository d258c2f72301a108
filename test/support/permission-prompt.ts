import type { Page } from 'puppeteer-core'
import type { Driver } from './driver.ts'
import { eventually } from './eventually.ts'
import { PrivilegedScope } from './firefox-privileged.ts'
import type { PrivateDisplay } from './private-display.ts'

/** What the owner may say to the browser's own question whether the extension may reach a site. */
export type PromptAnswer = 'Allow' | 'Deny'

/** For so long a prompt of Chromium's takes no press, lest a click meant for a page answers it, ms (`InputEventActivationProtector`), and some more. */
const PROTECTED_MS = 1500

/** The browser's own prompt, where it is shown. */
export interface PermissionPrompt {
  /** Wait for it and answer it, as a hand does. */
  answer(answer: PromptAnswer): Promise<void>
}

/**
 * @param page in front as it is asked, without the popup, which is gone by then. @param display of Chromium's window; it is not
 * looked at in Firefox.
 */
export function permissionPrompt(
  driver: Driver,
  page: Page,
  display: PrivateDisplay | null,
): PermissionPrompt {
  if (driver.name === 'firefox') return { answer: (answer) => inFirefox(driver, answer) }
  if (display === null) throw new Error('Chromium shows its prompt on a display alone')
  return { answer: (answer) => inChromium(page, display, answer) }
}

/** It takes the keyboard from the page, and has it on Deny. */
async function inChromium(page: Page, display: PrivateDisplay, answer: PromptAnswer): Promise<void> {
  const hasKeyboard = () => page.evaluate(() => document.hasFocus())
  await eventually('the browser asks', hasKeyboard, (has) => !has)
  await new Promise((resolve) => setTimeout(resolve, PROTECTED_MS))
  display.strike(...(answer === 'Allow' ? ['Tab', 'Return'] : ['Return']))
  await eventually('the browser asks no more', hasKeyboard, Boolean)
}

async function inFirefox(driver: Driver, answer: PromptAnswer): Promise<void> {
  const scope = new PrivilegedScope(driver.browser)
  const button = answer === 'Allow' ? 'button' : 'secondaryButton'
  await eventually(
    'the browser asks, and is answered',
    () =>
      scope.run<boolean>(
        `const window = Services.wm.getMostRecentWindow('navigator:browser')
         const asked = window.document.getElementById('addon-webext-permissions-notification')
         if (asked === null || window.PopupNotifications.panel.state !== 'open') return false
         asked.${button}.click()
         return true`,
      ),
    Boolean,
  )
}
