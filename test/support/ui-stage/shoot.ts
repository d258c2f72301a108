import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { LOOK_OPTIONS, lookOf, windowOf } from './picture-look.ts'
import { SCENES, type Scene } from './scenes.ts'
import { PAGES, StagedPage } from './staged-page.ts'

/**
 * Takes a picture of every state of the popup and the control room, light and dark, from a built extension:
 * `node test/support/ui-stage/shoot.ts --from dist/chrome --to /tmp/shots [--only word] [--language de] [--dark]
 * [--forced-colors] [--zoom 200] [--rtl] [--width 360]`. Says what a page complained of.
 */
const { values } = parseArgs({
  options: {
    ...LOOK_OPTIONS,
    from: { type: 'string' },
    to: { type: 'string' },
    only: { type: 'string' },
  },
})
const look = lookOf(values)
const isPlain = look.zoom === 100 && look.width === null
const wanted = SCENES.filter(({ name }) => name.includes(values.only ?? ''))
if (wanted.length === 0) throw new RangeError(`no scene has ${JSON.stringify(values.only)} in its name`)
const out = resolve(values.to ?? 'shots')
await mkdir(out, { recursive: true })
const profile = await mkdtemp(join(tmpdir(), 'valetkey-shoot-'))
const staged = await StagedPage.open(resolve(values.from ?? 'dist/chrome'), profile, look.language)
let name = ''
staged.page.on('console', (message) => console.log(name, message.type(), message.text()))
staged.page.on('pageerror', (error) => console.log(name, String(error)))
try {
  for (const scene of wanted) await shoot(scene)
} finally {
  await staged.close()
  await rm(profile, { recursive: true, force: true })
}

async function shoot(scene: Scene): Promise<void> {
  name = scene.name
  const rtl = look.rtl || scene.world.rtl === true
  const size = { ...PAGES[scene.page], ...(scene.width === undefined ? {} : { width: scene.width }) }
  for (const scheme of look.dark ? (['dark'] as const) : (scene.schemes ?? (['light', 'dark'] as const))) {
    await staged.wish({
      'prefers-color-scheme': scheme,
      'forced-colors': look.forcedColors ? 'active' : 'none',
    })
    // A scene that cannot be played to its end is pictured as far as it came.
    await staged
      .show({ ...scene, world: { ...scene.world, rtl } })
      .catch((failure) => console.log(scene.name, 'was not played:', String(failure)))
    if (!isPlain) await staged.page.setViewport(windowOf(look, size))
    const beyond = await staged.page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    if (beyond > 0) console.log(scene.name, 'is wider than its window by', beyond)
    await staged.page.screenshot({
      path: join(out, `${scene.name}-${scheme}.png`) as `${string}.png`,
      // A picture of more than the window resizes it, which disarms the window that asks; written from right to left it
      // comes out empty.
      fullPage: scene.page !== 'approve' && scene.page !== 'request' && !rtl,
    })
  }
}
