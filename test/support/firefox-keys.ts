import type { Driver } from './driver.ts'
import { PrivilegedScope } from './firefox-privileged.ts'

/**
 * Press Alt, Shift and a letter in Firefox' own window, as its own tests do: it takes them for keys of a keyboard. What a driver
 * presses goes to the page alone, and so would these: the address bar has the focus.
 */
export async function pressAltShift(driver: Driver, letter: string): Promise<void> {
  await new PrivilegedScope(driver.browser).run(
    `const window = Services.wm.getMostRecentWindow('navigator:browser')
     const keyboard = Cc['@mozilla.org/text-input-processor;1'].createInstance(Ci.nsITextInputProcessor)
     if (!keyboard.beginInputTransactionForTests(window)) throw new Error('the window takes no keys')
     window.document.getElementById('urlbar-input').focus()
     const keys = [['Alt', 'AltLeft', 18], ['Shift', 'ShiftLeft', 16], ['${letter}', 'Key${letter}', ${letter.charCodeAt(0)}]]
       .map(([key, code, keyCode]) => new window.KeyboardEvent('', { key, code, keyCode }))
     for (const key of keys) keyboard.keydown(key)
     for (const key of keys.reverse()) keyboard.keyup(key)`,
  )
}
