import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'puppeteer-core'
import { startPageServer } from '../../test/support/pages/page-server.ts'
import { BLANK } from '../../test/support/pages/test-pages.ts'

/** A name of this machine that no other page of a run has, so that the scripts are in one page alone. */
const HOST = 'empty-scripts.localhost'

const SCRIPT = { matches: [`http://${HOST}/*`], run_at: 'document_start', all_frames: true }

const MANIFEST = {
  manifest_version: 3,
  name: 'two empty scripts',
  version: '1',
  content_scripts: [
    { ...SCRIPT, js: ['empty.js'] },
    { ...SCRIPT, js: ['empty.js'], world: 'MAIN' },
  ],
  browser_specific_settings: { gecko: { id: 'empty-scripts@valetkey.test' } },
}

/**
 * A page with two scripts of another extension in it, where ours are and with nothing in them: what a browser takes for a world
 * of its own beside a page's, whatever runs there. Nothing of ours can be below it.
 */
export async function openPageWithEmptyScripts(
  browser: Browser,
): Promise<{ page: Page; close: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'valetkey-empty-scripts-'))
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(MANIFEST))
  await writeFile(join(folder, 'empty.js'), '')
  await browser.installExtension(folder)
  const site = await startPageServer({ pages: { '/': BLANK } })
  const page = await browser.newPage()
  await page.goto(`${site.originAs(HOST)}/`)
  return {
    page,
    close: async () => {
      await page.close()
      await site.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
