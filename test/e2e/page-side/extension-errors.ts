import { PrivilegedScope } from '../../support/firefox-privileged.ts'
import type { Stage } from '../../support/stage.ts'

interface Thrown {
  exceptionDetails: { text: string; url?: string; exception?: { description?: string } }
}

/**
 * Errors that nobody caught in the extension's own worlds so far: in Chromium those of the background, which the inspector
 * keeps for whoever comes later; in Firefox those of every script of the extension, pages' world included.
 */
export async function extensionErrors(stage: Stage): Promise<string[]> {
  const { browser, extensionOrigin } = stage.driver
  if (stage.browserName === 'firefox') {
    const listed = await new PrivilegedScope(browser).run<string[]>(
      `return Services.console.getMessageArray().filter((each) => each instanceof Ci.nsIScriptError && !(each.flags & 1))
         .map((each) => each.sourceName + ' ' + each.errorMessage)`,
    )
    // A page of ours that is told to fetch may not: that is its policy at work.
    return listed.filter(
      (line) => line.startsWith(extensionOrigin) && !line.includes('Content-Security-Policy'),
    )
  }
  const worker = browser
    .targets()
    .find((target) => target.type() === 'service_worker' && target.url().startsWith(extensionOrigin))
  const session = await worker?.createCDPSession()
  if (session === undefined) throw new Error('the service worker is not running')
  const errors: string[] = []
  session.on('Runtime.exceptionThrown', ({ exceptionDetails: { text, url, exception } }: Thrown) =>
    errors.push(`${url} ${exception?.description ?? text}`),
  )
  await session.send('Runtime.enable')
  await session.detach()
  return errors
}
