import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildAll } from '../../scripts/build.ts'
import { SCENES } from '../support/ui-stage/scenes.ts'
import { StagedPage } from '../support/ui-stage/staged-page.ts'

/** How what is read is set, where that can be measured. */
describe('what is read', () => {
  let staged: StagedPage
  let profile: string
  beforeAll(async () => {
    const { chrome } = await buildAll({ targets: ['chrome'] })
    profile = await mkdtemp(join(tmpdir(), 'valetkey-test-'))
    staged = await StagedPage.open(chrome, profile, 'en')
  })
  afterAll(async () => {
    await staged?.close()
    await rm(profile, { recursive: true, force: true })
  })

  const show = async (wanted: string) => {
    const scene = SCENES.find(({ name }) => name === wanted)
    if (scene === undefined) throw new Error(`there is no scene ${wanted}`)
    await staged.show(scene)
  }

  test.each(['popup-forbidden', 'popup-mismatch-host-older', 'popup-missing'])(
    'a command goes on in the next line between its words alone: %s',
    async (name) => {
      await show(name)
      const { text, lines, broken } = await staged.page.$eval('.copy-text code', (code) => {
        const words = [...code.querySelectorAll('span')]
        const tops = words.map((word) => word.getBoundingClientRect().top)
        const split = words.filter((word) => {
          const range = document.createRange()
          range.selectNodeContents(word)
          return new Set([...range.getClientRects()].map(({ top }) => top)).size > 1
        })
        return {
          text: code.textContent,
          lines: new Set(tops).size,
          broken: split.map((word) => word.textContent),
        }
      })
      expect(text).toMatch(/^\S+(?: \S+)+$/)
      expect(broken).toEqual([])
      expect(lines === 1).toBe(name === 'popup-missing')
    },
  )
})
