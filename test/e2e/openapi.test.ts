import type { Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Capability } from '../../shared/model/capability.ts'
import { everythingIn, press, reads } from '../support/control-room-actions.ts'
import { eventually } from '../support/eventually.ts'
import { type Stage, setUpStage } from '../support/stage.ts'
import { HARMED, HOSTILE_NAMES } from '../support/ui-stage/hostile-scenes.ts'
import { type LoopbackServer, startLoopbackServer } from '../support/upstreams/loopback-server.ts'
import { BROWSERS } from './scene.ts'

const PETS = {
  '/pets': {
    get: { operationId: 'listPets', tags: ['pets'], parameters: [{ name: 'page', in: 'query' }] },
    post: { operationId: 'addPet', tags: ['pets'] },
  },
  '/pets/{id}': { delete: { operationId: 'removePet', tags: ['pets'] } },
  '/pets/search': { post: { operationId: 'searchPets', tags: ['pets'], summary: 'Look for pets' } },
  '/keepers': { get: { operationId: 'listKeepers', tags: ['keepers'] } },
  '/keepers/token': { get: { operationId: 'getToken', tags: ['keepers'] } },
}

/** A capability from an OpenAPI document: read by the host, ticked in the control room, and in the vault. */
describe.each(BROWSERS)('a document in the control room in %s', (browser) => {
  let stage: Stage
  let server: LoopbackServer
  let page: Page
  const reached: string[] = []
  const ask = <T>(...args: string[]) => stage.valetkey.ask(args) as Promise<T>
  const written = (paths: object) =>
    JSON.stringify({
      openapi: '3.1.0',
      info: { title: 'Pets', version: '1' },
      servers: [{ url: server.url }],
      paths,
    })
  beforeAll(async () => {
    server = await startLoopbackServer((request, response) => {
      reached.push(`${request.method} ${request.url}`)
      response.end('{}')
    })
    stage = await setUpStage({ browser })
    await ask('service', 'add', 'api', '--base-url', server.url, '--local', '--auth', 'none')
    page = await stage.driver.extensionPage('extension/control/index.html#capabilities')
  })
  afterAll(async () => {
    await stage?.close()
    await server?.close()
  })

  /** Put a text where the owner pastes it. */
  async function paste(text: string): Promise<void> {
    await page.waitForSelector('textarea')
    await page.$eval('textarea', (area, pasted) => Object.assign(area, { value: pasted }), text)
  }
  /** What the box of an operation, or of a tag, says. */
  const boxes = () =>
    page.$$eval('.tag-groups input', (all) =>
      all.map((box) => (box.indeterminate ? 'some' : box.checked ? 'all' : 'none')),
    )
  /** Tick or untick by a click, as a person does. */
  const tick = (wanted: string) =>
    eventually(
      `there is a box for ${wanted}`,
      () =>
        page.$$eval(
          '.tag-groups input',
          (all, name) => {
            const box = all.find((one) => (one.ariaLabel ?? one.labels?.[0]?.textContent) === name)
            box?.click()
            return box !== undefined
          },
          wanted,
        ),
      (found) => found,
    )
  const ticked = (said: string) =>
    eventually(
      `the list says ${said}`,
      () => page.$eval('.tick-sum', (sum) => sum.textContent),
      (text) => text === said,
    )

  test('that cannot be read, or means harm, is refused or shown as the text it is', async () => {
    await reads(page, 'Nothing to give yet')
    await page.$eval('a[href="#capabilities/+openapi"]', (link) => link.click())
    await press(page, 'Read the document')
    await reads(page, 'Choose a file, or paste')
    await paste('<html>openapi: 3.1.0</html>')
    await press(page, 'Read the document')
    await reads(page, 'OpenAPI document:')
    const paths = Object.fromEntries(
      HOSTILE_NAMES.map((name) => [`/${name}`, { get: { operationId: name, summary: name, tags: [name] } }]),
    )
    await paste(written({ ...paths, '/loop': { $ref: '#/paths/~1loop' } }))
    await press(page, 'Read the document')
    await reads(page, '\\u{202E}elbisrever')
    expect(await page.evaluate((name) => Reflect.get(globalThis, name), HARMED)).toBeUndefined()
    expect(await page.$$eval('main img, main script', (found) => found.length)).toBe(0)
    expect(await everythingIn(page)).not.toContain('\u202e')
    await press(page, 'Back')
  })

  test('is a list to tick by tag and operation, where what reads is ticked', async () => {
    await page.waitForSelector('input[type=file]')
    await page.$eval(
      'input[type=file]',
      (input, text) => {
        const chosen = new DataTransfer()
        chosen.items.add(new File([text], 'pets.json'))
        Object.assign(input, { files: chosen.files })
      },
      written(PETS),
    )
    await press(page, 'Read the document')
    await ticked('3 of 6 ticked')
    expect(await boxes()).toEqual(['some', 'all', 'none', 'none', 'all', 'some', 'all', 'none'])
    await reads(page, 'Its name says “search”, though it is sent by POST.')
    await reads(page, 'Hands out keys')
    await tick('All of pets')
    await ticked('5 of 6 ticked')
    await tick('All of pets')
    await ticked('1 of 6 ticked')
    await page.type('.card input:not([type=checkbox])', 'look SEARCH')
    await reads(page, '1 operation')
    expect(await boxes()).toEqual(['none', 'none'])
    await tick('POST /pets/searchLook for pets')
    await ticked('2 of 6 ticked')
  })

  test('becomes a capability as it was shown, which lets through what was ticked and nothing else', async () => {
    await press(page, 'Look at the capability')
    await reads(page, 'Everything else is denied')
    const shown = await page.$$eval('.rules code', (rules) => rules.map((rule) => rule.textContent))
    expect(shown).toEqual(['POST /pets/search?', 'GET /keepers?'])
    expect(await ask('capability', 'list')).toEqual([])
    await press(page, 'Save the capability')
    await reads(page, 'The capability was made.')
    const made = await ask<Capability>('capability', 'show', 'api-read')
    expect(made).toMatchObject({ service: 'api', label: 'Pets' })
    expect(made.rules.map(({ effect, pattern }) => `${effect} ${pattern}`)).toEqual(
      shown.map((rule) => `allow ${rule}`),
    )
    const codes: number[] = []
    for (const [method, path] of [
      ['POST', '/pets/search'],
      ['GET', '/pets'],
    ] as const)
      codes.push((await stage.valetkey.run(['call', 'api-read', method, server.url + path])).code)
    expect(codes).toEqual([0, 4])
    expect(reached).toEqual(['POST /pets/search'])
  })
})
