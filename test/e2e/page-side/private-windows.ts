import { expect, test } from 'vitest'
import { PRESENT_EVENT } from '../../../shared/protocol/pairing.ts'
import { eventually } from '../../support/eventually.ts'
import { PrivilegedScope } from '../../support/firefox-privileged.ts'
import { done } from '../../support/hard.ts'
import { callAt } from '../../support/pages/situation-server.ts'
import type { Scene } from '../scene.ts'
import type { PageSide } from './stage.ts'

const GECKO_ID = 'valetkey@valetkey.org'

/** Open a window of the private kind at an address; answers whether it is one, and whether the extension is allowed there. */
const openPrivately = (url: string) => `
  const browser = Services.wm.getMostRecentWindow('navigator:browser')
  const loaded = (win) => new Promise((resolve) => {
    if (win.gBrowserInit?.delayedStartupFinished) return resolve()
    const observe = (subject) => {
      if (subject !== win) return
      Services.obs.removeObserver(observe, 'browser-delayed-startup-finished')
      resolve()
    }
    Services.obs.addObserver(observe, 'browser-delayed-startup-finished')
  })
  const win = Services.ww.openWindow(null, browser.location.href, '_blank', 'chrome,all,dialog=no,private', null)
  await loaded(win)
  win.gBrowser.selectedBrowser.fixupAndLoadURIString(${JSON.stringify(url)}, {
    triggeringPrincipal: Services.scriptSecurityManager.createNullPrincipal({}),
  })
  const { privateBrowsingAllowed } = WebExtensionPolicy.getByID('${GECKO_ID}')
  return [win.PrivateBrowsingUtils.isWindowPrivate(win), privateBrowsingAllowed]`

const CLOSE = `
  const wins = [...Services.wm.getEnumerator('navigator:browser')]
  const own = wins.filter((win) => win.PrivateBrowsingUtils.isWindowPrivate(win))
  for (const win of own) win.close()
  return own.length`

/** Firefox keeps extensions out of private windows unless its user says otherwise; drivers have no command for such windows. */
export function definePrivateWindows(scene: Scene, side: () => PageSide): void {
  /** Tells whether our script is in the page, before the page calls. */
  const look = (name: string) => `
    new Image().src = '${side().server.url}/outcome?' + new URLSearchParams({
      case: '${name} script',
      came: dispatchEvent(new Event('${PRESENT_EVENT}', { cancelable: true })) ? 'absent' : 'present',
    })`
  const at = (name: string) => callAt(side().sites.bank, name, `&first=${encodeURIComponent(look(name))}`)
  const seenOf = async (name: string) => {
    for (const part of [name, `${name} script`]) {
      await eventually(
        `\`${part}\` ended`,
        () => side().outcome(part),
        (came) => came !== '',
      )
    }
    return [...side().senders(name), side().outcome(name), side().outcome(`${name} script`)]
  }

  test.runIf(scene.browserName === 'firefox')(
    'a private window, where the extension is not allowed, has nothing of ours',
    async () => {
      const page = await scene.open(at('not private'))
      expect(await seenOf('not private')).toEqual(['host', '200', 'present'])
      await page.close()
      const privileged = new PrivilegedScope(scene.stage.driver.browser)
      expect(await privileged.run(openPrivately(at('kept private')))).toEqual([true, false])
      try {
        expect(await seenOf('kept private')).toEqual(['page', '401', 'absent'])
      } finally {
        expect(await privileged.run(CLOSE)).toBe(1)
      }
      done(`situations a call came from, in ${scene.browserName}`, 2)
    },
  )
}
