import { fileURLToPath } from 'node:url'
import type { Page } from 'puppeteer-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { onEachBrowser } from '../e2e/scene.ts'
import { eventually } from '../support/eventually.ts'
import { type PageServer, startPageServer } from '../support/pages/page-server.ts'
import { arrivalText, headerOf } from '../support/upstreams/journal.ts'
import { type BundledPages, bundlePages, pageOf } from './bundle-pages.ts'
import { notesDocument } from './notes-document.ts'
import { PLACEHOLDER } from './run-job.ts'
import { type RunningServices, SERVICES, type ServiceName, startServices } from './services.ts'
import { versionOf } from './version-of.ts'

const SWAGGER = fileURLToPath(new URL('./node_modules/swagger-ui-dist', import.meta.url))

/** As its own start page does it, with a document of ours. */
const SWAGGER_PAGE = {
  html: `<!doctype html><html lang="en"><title>Swagger UI</title><link rel="icon" href="data:,">
    <link rel="stylesheet" href="/swagger/swagger-ui.css"><body><div id="swagger-ui"></div>
    <script src="/swagger/swagger-ui-bundle.js"></script>
    <script>SwaggerUIBundle({ url: new URLSearchParams(location.search).get('document'), dom_id: '#swagger-ui' })</script></html>`,
}

const RAPIDOC = fileURLToPath(new URL('./node_modules/rapidoc/dist', import.meta.url))

/** As its documentation has it: the element, and the document in an attribute. */
const RAPIDOC_PAGE = {
  html: `<!doctype html><html lang="en"><title>RapiDoc</title><link rel="icon" href="data:,"><script type="module" src="/rapidoc/rapidoc-min.js"></script><body>
    <rapi-doc render-style="read" load-fonts="false"></rapi-doc>
    <script>document.querySelector('rapi-doc').setAttribute('spec-url', new URLSearchParams(location.search).get('document'))</script></html>`,
}

const SCALAR = fileURLToPath(new URL('./node_modules/@scalar/api-reference/dist/browser', import.meta.url))

/** As its documentation has it, without what it would fetch from elsewhere. */
const SCALAR_PAGE = {
  html: `<!doctype html><html lang="en"><title>Scalar</title><link rel="icon" href="data:,"><body><div id="app"></div>
    <script src="/scalar/standalone.js"></script>
    <script>Scalar.createApiReference('#app', { url: new URLSearchParams(location.search).get('document'), withDefaultFonts: false, telemetry: false, hideClientButton: true })</script></html>`,
}

let bundles: BundledPages
beforeAll(async () => {
  bundles = await bundlePages(['graphiql'])
})
afterAll(() => bundles?.remove())

onEachBrowser('playgrounds, driven by clicks', (scene) => {
  let site: PageServer
  let services: RunningServices
  const documents: Record<string, unknown> = {}
  beforeAll(async () => {
    site = await startPageServer({
      pages: {
        '/graphiql': pageOf('graphiql'),
        '/swagger-ui': SWAGGER_PAGE,
        '/rapidoc': RAPIDOC_PAGE,
        '/scalar': SCALAR_PAGE,
      },
      folders: { '/compat/': bundles.folder, '/swagger/': SWAGGER, '/rapidoc/': RAPIDOC, '/scalar/': SCALAR },
      json: documents,
    })
    services = await startServices(scene, site.origin, ['notes', 'keyed'])
  })
  afterAll(async () => {
    await services?.close()
    await site?.close()
  })

  const swagger = [
    ['a bearer token', 'notes', { type: 'http', scheme: 'bearer' }],
    ['a key in a header', 'keyed', { type: 'apiKey', in: 'header', name: 'x-notes-key' }],
  ] as const
  test.for(swagger)(
    `swagger-ui-dist ${versionOf('swagger-ui-dist')}: Authorize with %s, Try it out, Execute`,
    async ([, name, scheme]) => {
      const { server } = services.of(name)
      documents[`/${name}.json`] = notesDocument(server.url, scheme)
      const page = await scene.open(`${site.origin}/swagger-ui?document=/${name}.json`)
      await click(page, '.btn.authorize')
      await type(page, '.auth-container input', PLACEHOLDER)
      await click(page, '.auth-container .btn.authorize')
      await click(page, '.auth-container .btn-done')
      await click(page, '[id$="makeNote"] .opblock-summary-control')
      await click(page, '[id$="makeNote"] .try-out__btn')
      await click(page, '[id$="makeNote"] .execute')
      const shown = await textOf(page, '[id$="makeNote"] .live-responses-table .response')
      expect(shown).toContain('201')
      expect(shown).toMatch(/"title": "from Swagger UI"/)
      await click(page, '[id$="readNote"] .opblock-summary-control')
      await click(page, '[id$="readNote"] .try-out__btn')
      await type(page, '[id$="readNote"] .parameters input', 'missing')
      await click(page, '[id$="readNote"] .execute')
      expect(await textOf(page, '[id$="readNote"] .live-responses-table .response')).toContain('404')
      expectKey(name, 2)
      await page.close()
    },
  )

  test(`rapidoc ${versionOf('rapidoc')}: takes a bearer token by hand, calls from within its own elements`, async () => {
    const { server } = services.of('notes')
    const before = server.journal.calls.length
    documents['/rapidoc.json'] = notesDocument(server.url, { type: 'http', scheme: 'bearer' })
    const page = await scene.open(`${site.origin}/rapidoc?document=/rapidoc.json`)
    await click(page, '>>> #http-key-api-key-input')
    await page.keyboard.type(PLACEHOLDER)
    await click(page, '>>> #auth-table .m-btn')
    await click(page, '>>> [part="btn btn-try"]')
    expect(await textOf(page, '>>> .response-message', /201/)).toContain('Created')
    expect(await textOf(page, '>>> .token.string', /second/)).toContain('second')
    expectKey('notes', 1, before)
    await page.close()
  })

  test(`@scalar/api-reference ${versionOf('@scalar/api-reference')}: takes a bearer token by hand, opens its client, sends`, async () => {
    const { server } = services.of('notes')
    const before = server.journal.calls.length
    documents['/scalar.json'] = notesDocument(server.url, { type: 'http', scheme: 'bearer' })
    const page = await scene.open(`${site.origin}/scalar?document=/scalar.json`)
    await type(page, 'input[placeholder="Token"]', PLACEHOLDER)
    await click(page, '.show-api-client-button[method="post"]')
    await click(page, '.scalar-client ::-p-text(Send Request)')
    expect(await textOf(page, '.scalar-client', /201/)).toContain('second')
    expectKey('notes', 1, before)
    await page.close()
  })

  test(`graphiql ${versionOf('graphiql')}: reads the schema, takes a header and a query by hand, shows the answer`, async () => {
    const { server } = services.of('notes')
    const before = server.journal.calls.length
    const page = await scene.open(
      `${site.origin}/graphiql?url=${encodeURIComponent(`${server.url}/graphql`)}`,
    )
    await click(page, '[data-name="headers"]')
    await write(
      page,
      '.graphiql-editor-tool .graphiql-editor:not(.hidden)',
      `{"Authorization":"Bearer ${PLACEHOLDER}"`,
    )
    await write(page, '.graphiql-query-editor .graphiql-editor', '{ greet(name: "you"')
    await click(page, '.graphiql-execute-button')
    expect(await textOf(page, '.result-window', /hello you/)).toContain('hello you')
    await click(page, '.graphiql-sidebar button[aria-label*="Documentation"]')
    expect(await textOf(page, '.graphiql-plugin', /Mutation/)).toContain('Query')
    expectKey('notes', 2, before)
    await page.close()
  })

  /** Calls since the first of `before`: each with the key, none with the placeholder. */
  function expectKey(name: ServiceName, atLeast: number, before = 0): void {
    const { server, credential } = services.of(name)
    const arrivals = server.journal.calls.slice(before)
    expect(arrivals.length).toBeGreaterThanOrEqual(atLeast)
    for (const arrival of arrivals) {
      expect(headerOf(arrival, SERVICES[name].header)).toBe(credential)
      expect(arrivalText(arrival)).not.toContain(PLACEHOLDER)
    }
  }
})

async function click(page: Page, selector: string): Promise<void> {
  const element = await page.waitForSelector(selector, { visible: true, timeout: 30_000 })
  await element?.scrollIntoView()
  await element?.click()
}

async function type(page: Page, selector: string, text: string): Promise<void> {
  await click(page, selector)
  await page.type(selector, text)
}

/** Replace what stands in an editor, by the keyboard: it closes brackets and quotes by itself. */
async function write(page: Page, selector: string, text: string): Promise<void> {
  const editor = await page.waitForSelector(`${selector} .monaco-editor`, { visible: true, timeout: 30_000 })
  const box = await editor?.boundingBox()
  // By its place, past the line numbers: a click on the lines would scroll them, which are wider than what is seen of them.
  await page.mouse.click((box?.x ?? 0) + 90, (box?.y ?? 0) + 15)
  await page.waitForSelector(`${selector} .monaco-editor.focused`)
  await page.keyboard.down('Control')
  await page.keyboard.press('a')
  await page.keyboard.up('Control')
  await page.keyboard.type(text)
}

/** What stands in the first such element that holds what is looked for. */
async function textOf(page: Page, selector: string, sought = /\S/): Promise<string> {
  const read = () =>
    page.$$eval(selector, (all) =>
      all.map((each) => (each as HTMLElement).innerText.replaceAll('\u00a0', ' ')),
    )
  const texts = await eventually(
    `${selector} shows ${sought}`,
    read,
    (all) => all.some((text) => sought.test(text)),
    30_000,
  )
  return texts.find((text) => sought.test(text)) ?? ''
}
