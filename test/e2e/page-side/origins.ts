import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { done } from '../../support/hard.ts'
import { leave } from '../../support/leave.ts'
import { nativeCallsIn } from '../../support/native-documents.ts'
import { callAt } from '../../support/pages/situation-server.ts'
import type { Scene } from '../scene.ts'
import { situationsOf } from './situations.ts'
import type { PageSide } from './stage.ts'

/** In a page: whether an entry is of what told an outcome, to its end. */
const told = "({ name, responseEnd }) => name.includes('/outcome?') && responseEnd > 0"

/** Whose call it is, by where it comes from. */
export function defineOrigins(scene: Scene, side: () => PageSide): void {
  /** The case's outcome, once it has one. */
  const end = (name: string) =>
    eventually(
      `\`${name}\` ended`,
      () => side().outcome(name),
      (came) => came !== '',
    ).catch(() => 'did not run')
  const seenOf = async (name: string) => {
    const came = await end(name)
    return [name, ...side().senders(name), came]
  }

  test('a call is the grant’s or nobody’s, in every situation', async () => {
    const isHere = ({ only = scene.browserName }) => only === scene.browserName
    const situations = situationsOf(side().sites).filter(isHere)
    const page = await scene.open(`${side().sites.bank}/`)
    const seen: unknown[] = []
    // One after the other: in a tab that is not shown Chromium loads no objects.
    for (const { name, by, at, script } of situations) {
      await page.goto(at).catch(() => {})
      if (script !== undefined) await page.evaluate(script)
      seen.push(by === 'nobody' ? [name, ...side().senders(name)] : await seenOf(name))
    }
    await page.close()
    const expected = { host: ['host', '200'], page: ['page', '401'], nobody: [] }
    expect(seen).toEqual(situations.map(({ name, by }) => [name, ...expected[by]]))
    const calls = await nativeCallsIn(scene.stage.wire ?? '')
    const told = situations.map(({ name }) => {
      const own = calls.filter(({ url }) => url.endsWith(`case=${encodeURIComponent(name)}`))
      return [name, ...own.map(({ origin, topOrigin }) => [origin, topOrigin])]
    })
    expect(told).toEqual(situations.map(({ name, witnessed }) => (witnessed ? [name, witnessed] : [name])))
    done(`situations a call came from, in ${scene.browserName}`, seen.length)
    const opened = await scene.stage.driver.browser.pages()
    await Promise.all(opened.filter((page) => page.url().includes('/call')).map((page) => page.close()))
  })

  test('a tab that goes from site to site is at each moment the one it shows', async () => {
    const { bank, other } = side().sites
    const page = await scene.open(callAt(bank, 'first'))
    const go = (name: string, origin: string) => leave(page, { to: callAt(origin, name) })
    await end('first')
    // A page with something still on its way is not kept, and the picture that tells the outcome may be.
    await eventually(
      'nothing is on its way',
      () => page.evaluate(`performance.getEntriesByType('resource').some(${told})`),
      Boolean,
    )
    await page.evaluate("addEventListener('pageshow', ({ persisted }) => { if (persisted) call('kept') })")
    await go('second', other)
    await end('second')
    await leave(page, 'back')
    await end('kept')
    await go('third', other)
    await end('third')
    await go('fourth', bank)
    await end('fourth')
    const names = ['first', 'second', 'kept', 'third', 'fourth']
    expect(await Promise.all(names.map(seenOf))).toEqual([
      ['first', 'host', '200'],
      ['second', 'page', '401'],
      ['kept', 'host', '200'],
      ['third', 'page', '401'],
      ['fourth', 'host', '200'],
    ])
    await page.close()
    done(`situations a call came from, in ${scene.browserName}`, names.length)
  })

  test('files and the extension’s own pages have no part in it', async () => {
    const { driver, home } = scene.stage
    const url = `${side().upstream.url}/v1/small?case=file`
    const file = join(home.home, 'page.html')
    await writeFile(file, '<!doctype html><title>file</title>')
    const call = `fetch('${url}').then((r) => String(r.status), (e) => e.name)`
    const local = await driver.newPage(pathToFileURL(file).href)
    expect(await local.evaluate(call)).toBe('401')
    const own = await driver.extensionPage('extension/control/index.html')
    expect(await own.evaluate(call.replace('case=file', 'case=own'))).toBe('TypeError')
    expect(side().senders('own')).toEqual([])
    await Promise.all([local.close(), own.close()])
    done(`situations a call came from, in ${scene.browserName}`, 2)
  })

  test.runIf(scene.browserName === 'chromium')('a private window has no part in it', async () => {
    const context = await scene.stage.driver.browser.createBrowserContext()
    const page = await context.newPage()
    await page.goto(callAt(side().sites.bank, 'private'))
    expect(await seenOf('private')).toEqual(['private', 'page', '401'])
    await context.close()
    done(`situations a call came from, in ${scene.browserName}`, 1)
  })
}
