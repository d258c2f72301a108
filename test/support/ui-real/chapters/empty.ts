import type { Page } from 'puppeteer-core'
import { HOSTILE_NAMES } from '../../ui-stage/hostile-scenes.ts'
import type { Picture } from '../pictures.ts'
import { openRoom, type Walk } from '../walk.ts'

/** Tags of a document, with what each of them has. */
function documentOf(server: string, tags: readonly string[], title: string): string {
  const paths = Object.fromEntries(
    tags.flatMap((tag, at) => [
      [
        `/part-${at}`,
        {
          get: { operationId: `list${at}`, tags: [tag], summary: `List ${tag}` },
          post: { operationId: `add${at}`, tags: [tag] },
        },
      ],
      [`/part-${at}/{id}`, { delete: { operationId: `remove${at}`, tags: [tag] } }],
      [`/part-${at}/search`, { post: { operationId: `search${at}`, tags: [tag], summary: 'Look for some' } }],
    ]),
  )
  return JSON.stringify({
    openapi: '3.1.0',
    info: { title, version: '1' },
    servers: [{ url: server }],
    paths,
  })
}

/** A vault with nothing in it yet, and a first capability from an OpenAPI document. */
export async function walkEmpty(walk: Walk): Promise<void> {
  const { api, stage } = walk
  const shot = async (name: Picture, hash: string, act?: (page: Page) => Promise<unknown>) => {
    const page = await openRoom(walk, hash)
    await act?.(page)
    await walk.camera.take(page, name, 'control')
    await page.close()
  }
  await shot('room-activity-empty', 'activity')
  await shot('room-services-none', 'services')
  await shot('room-sites-none', 'sites')
  await shot('openapi-no-service', 'capabilities/+openapi')
  await stage.valetkey.ask(['service', 'add', 'api', '--base-url', api.url, '--local', '--auth', 'none'])
  await shot('room-capabilities-none', 'capabilities')
  await shot('room-budgets-none', 'budgets')
  const at = 'capabilities/+openapi'
  const read = (text: string, then: string) => async (page: Page) => {
    await page.waitForSelector('textarea')
    await page.$eval('textarea', (area, pasted) => Object.assign(area, { value: pasted }), text)
    await page.click('button[type=submit]')
    await page.waitForSelector(then, { timeout: 30_000 })
  }
  await shot('openapi-choose', at)
  await shot('openapi-refused', at, read('<html>openapi: 3.1.0</html>', '[role=alert]'))
  const small = documentOf(api.url, ['pets', 'keepers'], 'Zoo')
  await shot('openapi-tick', at, read(small, '.tag-groups'))
  const many = Array.from({ length: 60 }, (_, tag) => `part-${tag}`)
  await shot('openapi-tick-large', at, read(documentOf(api.url, many, 'A large one'), '.tag-groups'))
  const harm = documentOf(api.url, HOSTILE_NAMES.slice(0, 4), HOSTILE_NAMES[0] ?? '')
  await shot('openapi-tick-hostile', at, read(harm, '.tag-groups'))
  await shot('openapi-review', at, async (page) => {
    await read(small, '.tag-groups')(page)
    await page.click('button[type=submit]')
    await page.waitForSelector('.rules', { timeout: 30_000 })
  })
}
