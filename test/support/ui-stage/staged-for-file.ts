import { afterAll, beforeAll } from 'vitest'
import { buildAll } from '../../../scripts/build.ts'
import { type TemporaryHome, temporaryHome } from '../temporary-home.ts'
import { StagedPage } from './staged-page.ts'

/**
 * A stage for the tests of the file that asks for it: set up from the built extension before them, taken down after them.
 *
 * @param language see {@link StagedPage.open}.
 * @returns gives the stage, to tests and to what a file does before them. @throws there before it is set up.
 */
export function stagedForFile(language?: string): () => StagedPage {
  let home: TemporaryHome | null = null
  let staged: StagedPage | null = null
  beforeAll(async () => {
    const built = await buildAll({ targets: ['chrome'] })
    home = await temporaryHome()
    staged = await StagedPage.open(built.chrome, home.profile, language)
  })
  afterAll(async () => {
    await staged?.close()
    await home?.remove()
  })
  return () => {
    if (staged === null) throw new Error('the stage is not set up yet')
    return staged
  }
}
