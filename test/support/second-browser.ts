import { join } from 'node:path'
import { buildAll } from '../../scripts/build.ts'
import type { BrowserName } from '../../scripts/find-browser.ts'
import { launchChromium } from './chromium.ts'
import type { Driver } from './driver.ts'
import { launchFirefox } from './firefox.ts'
import type { Stage } from './stage.ts'

/**
 * Start the other browser on a stage's machine: a host process of its own, on the same vault. Its profile is removed with the
 * stage; the caller closes it before.
 */
export async function launchSecond(stage: Stage, grantedOrigins: readonly string[]): Promise<Driver> {
  const browser: BrowserName = stage.browserName === 'chromium' ? 'firefox' : 'chromium'
  const built = await buildAll({ targets: [browser === 'chromium' ? 'chrome' : 'firefox'] })
  const { home } = stage.home
  const profile = join(home, 'second-profile')
  const place = browser === 'chromium' ? ['--profile', profile] : []
  await stage.valetkey.ask(['install', '--browser', browser, ...place])
  const launch = { profile, home, grantedOrigins }
  return browser === 'chromium'
    ? await launchChromium({ ...launch, extension: built.chrome })
    : await launchFirefox({ ...launch, extension: built.firefox })
}
