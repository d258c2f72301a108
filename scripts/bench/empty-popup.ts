import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildAll } from '../build.ts'
import type { BrowserName } from '../find-browser.ts'

/** All that an empty popup says. */
export const EMPTY_TEXT = 'Valet Key'

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>Valet Key</title>
  </head>
  <body><main id="app"><p>${EMPTY_TEXT}</p></main></body>
</html>
`

/** A copy of the built extension whose popup is two words without script or style: all that is left is the browser's. */
export async function emptyPopup(
  browser: BrowserName,
): Promise<{ folder: string; remove: () => Promise<void> }> {
  const target = browser === 'chromium' ? 'chrome' : 'firefox'
  const built = await buildAll({ targets: [target] })
  const folder = await mkdtemp(join(tmpdir(), 'valetkey-empty-popup-'))
  await cp(built[target], folder, { recursive: true })
  await writeFile(join(folder, 'extension/popup/index.html'), PAGE)
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) }
}
