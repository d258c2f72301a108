import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildAll } from '../../scripts/build.ts'
import { OWN_PROPERTIES } from '../../scripts/vite.extension.ts'
import { CallFrameToHostSchema, CallFrameToPageSchema } from '../../shared/protocol/call-frames.ts'
import { launchChromium } from '../support/chromium.ts'
import type { Driver } from '../support/driver.ts'
import { launchFirefox } from '../support/firefox.ts'
import { startBackground } from '../support/started-background.ts'
import { type TemporaryHome, temporaryHome } from '../support/temporary-home.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const BACKGROUND_SCRIPT = 'extension/background/main.js'
const PAGE_SCRIPT = 'extension/page/main.js'
const CONTENT_SCRIPT = 'extension/content/main.js'
/** Comes into a document of a granted site when its owner looks for keys there. */
const LOOKING_SCRIPT = 'extension/content/page-keys.js'
/** Bytes of the script that every document of a granted site runs in its own world, and of the one beside it. */
const MOST_PAGE_BYTES = 31_550
const MOST_CONTENT_BYTES = 12_600
/** Bytes of all scripts that the popup or a window that asks waits for before it is drawn. */
const MOST_FIRST_BYTES = 110 * 1024
/** Files that such a page asks the browser for, scripts and style sheets each: every one is a way there and back. */
const MOST_FIRST_FILES = 5
/** Bytes of the script that every page of ours runs before it is painted. */
const MOST_THEME_BYTES = 300
/** Words that are in every bundle with zod in it, whatever it is minified to. */
const ZOD_MARKS = ['_zod', 'safeParse', 'ZodError']

/** What no file but the one of that name has a reason to hold. */
const APART = {
  'the catalogue of services': 'console.groq.com/keys',
  'the German of the catalogue': 'Hinterlegen Sie keinen Admin-Schlüssel',
  'the German of the host’s sentences': 'Der Tresor ist beschädigt',
}
/** What many examples of presets hold, and nothing else does. */
const EXAMPLE_MARK = 'listed-model'

/** A sentence of ours, as the file of the texts has it. */
const ENGLISH_MARK = 'No page can use a key until you unlock it.'
/** An option of preact's, which keeps its name whatever the rest is minified to. */
const PREACT_MARK = 'debounceRendering'

let built: Awaited<ReturnType<typeof buildAll>>

beforeAll(async () => {
  built = await buildAll()
})

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    statSync(join(folder, file)).isFile(),
  )
}

/** Paths that a bundled script imports before it runs, relative to its own. */
function importsOf(script: string): string[] {
  return [...script.matchAll(/\bimport(?:[^'"`;()]*?\bfrom)?\s*["'`](\.\/[^"'`]+)["'`]/g)].map(
    ([, from = '']) => posix.normalize(from),
  )
}

describe.each(['chrome', 'firefox'] as const)('the built extension for %s', (target) => {
  const read = (file: string) => readFileSync(join(built[target], file), 'utf8')
  const manifest = () => JSON.parse(read('manifest.json')) as Record<string, unknown>

  it('shows nothing of itself to pages and has no site permission', () => {
    for (const key of [
      'web_accessible_resources',
      'host_permissions',
      'content_scripts',
      'externally_connectable',
    ]) {
      expect(manifest()).not.toHaveProperty(key)
    }
  })

  it('lets its own pages load nothing, connect to nothing and be framed by nothing', () => {
    const { extension_pages: policy } = manifest().content_security_policy as { extension_pages: string }
    const directives = policy.split('; ')
    expect(directives).toEqual(
      expect.arrayContaining([
        "default-src 'self'",
        "script-src 'self'",
        "object-src 'none'",
        "connect-src 'none'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'none'",
      ]),
    )
    expect(policy).not.toMatch(/unsafe|https?:|data:|\*/)
  })

  it('has each content script as one classic script without imports', () => {
    for (const file of [PAGE_SCRIPT, CONTENT_SCRIPT, LOOKING_SCRIPT]) {
      const script = read(file)
      expect(script.length).toBeGreaterThan(1000)
      expect(script).not.toMatch(/\bimport\s*[({'"*]|\bexport\s*[{*]/)
      expect(() => new Function(script)).not.toThrow()
    }
  })

  it('keeps the script in pages small and free of zod', () => {
    const [page, content] = [PAGE_SCRIPT, CONTENT_SCRIPT].map((file) => Buffer.byteLength(read(file)))
    console.log(`${target}: page script ${page} bytes, content script ${content} bytes`)
    expect(page).toBeLessThan(MOST_PAGE_BYTES)
    expect(content).toBeLessThan(MOST_CONTENT_BYTES)
    const inPages = read(PAGE_SCRIPT) + read(LOOKING_SCRIPT)
    expect(ZOD_MARKS.filter((mark) => inPages.includes(mark))).toEqual([])
    expect(ZOD_MARKS.filter((mark) => read(BACKGROUND_SCRIPT).includes(mark))).not.toEqual([])
  })

  it.each(Object.entries(APART))(
    'has %s in one file, which its pages load when they show something of it',
    (what, mark) => {
      const files = filesBelow(built[target]).filter((file) => /\.(?:js|html)$/.test(file))
      const [apart = '', ...others] = files.filter((file) => read(file).includes(mark))
      expect([apart === '', ...others]).toEqual([false])
      expect([PAGE_SCRIPT, CONTENT_SCRIPT]).not.toContain(apart)
      console.log(`${target}: ${what} ${Buffer.byteLength(read(apart))} bytes`)
      const name = apart.replace(/^.*\//, '')
      const importing = files.filter((file) => read(file).includes(name))
      // Named by an import that is made when it is needed, never by one that the page waits for.
      for (const file of importing) expect(read(file)).not.toMatch(new RegExp(`from\\s*["'][^"']*${name}`))
      expect(importing.filter((file) => file.endsWith('.html'))).toEqual([])
      expect(importing.length).toBeGreaterThan(0)
    },
  )

  it.each(['index', 'approve', 'request'])('keeps popup/%s.html light before it is drawn', (name) => {
    const page = read(`extension/popup/${name}.html`)
    const named = (tag: RegExp) => [...page.matchAll(tag)].map(([, file = '']) => file.slice(1))
    // What runs before all of them is next to nothing: it sets the theme, and loads the popup's one script once it is in sight.
    const first = named(/<script(?! type)[^>]* src="([^"]+)"/g)
    expect(first).toEqual([
      'extension/ui/theme.js',
      ...(name === 'index' ? ['extension/popup/start.js'] : []),
    ])
    for (const file of first) expect(Buffer.byteLength(read(file))).toBeLessThan(MOST_THEME_BYTES)
    const entry =
      name === 'index'
        ? [...read(first[1] ?? '').matchAll(/[`'"]\/(assets\/[^`'"]+)/g)].map(([, file = '']) => file)
        : named(/<script type="module"[^>]* src="([^"]+)"/g)
    expect(entry).toHaveLength(1)
    const beside = named(/<link rel="modulepreload"[^>]* href="([^"]+)"/g)
    const scripts = [...entry, ...beside]
    // A script that the page itself does not name is asked for only when another was read.
    const imported = scripts.flatMap((file) => importsOf(read(file)).map((from) => `assets/${from}`))
    expect(new Set(imported)).toEqual(new Set(beside))
    const code = scripts.map((file) => read(file)).join('')
    const bytes = Buffer.byteLength(code)
    const sheets = named(/<link rel="stylesheet"[^>]* href="([^"]+)"/g)
    console.log(`${target}: ${name}.html waits for ${bytes} bytes in ${scripts.length} scripts`)
    expect(bytes).toBeLessThan(MOST_FIRST_BYTES)
    const most = name === 'index' ? 1 : MOST_FIRST_FILES
    expect(Math.max(scripts.length, sheets.length)).toBeLessThanOrEqual(most)
    expect([...ZOD_MARKS, ENGLISH_MARK].filter((mark) => code.includes(mark))).toEqual([])
  })

  it('names no script that is not there, also of those that are loaded later', () => {
    const files = filesBelow(built[target])
    const scripts = files.filter((file) => file.endsWith('.js'))
    const named = scripts.flatMap((file) =>
      [...read(file).matchAll(/\bimport\([`'"]([^`'"]+\.js)[`'"]\)/g)].map(([, name = '']) =>
        name.startsWith('/') ? name.slice(1) : posix.join(posix.dirname(file), name),
      ),
    )
    expect(named.length).toBeGreaterThan(2)
    expect(named.filter((file) => !files.includes(file))).toEqual([])
  })

  it('leaves what the host checks to the host, in the control room too: no zod in anything it waits for', () => {
    const page = read('extension/control/index.html')
    const scripts = [...page.matchAll(/(?:src|href)="\/([^"]+\.js)"/g)].map(([, file = '']) => file)
    expect(scripts.length).toBeGreaterThan(1)
    const code = scripts.map((file) => read(file)).join('')
    console.log(`${target}: the control room waits for ${Buffer.byteLength(code)} bytes of scripts`)
    expect(ZOD_MARKS.filter((mark) => code.includes(mark))).toEqual([])
  })

  it('has the texts of its pages from the browser, once', () => {
    const holding = filesBelow(built[target]).filter((file) => read(file).includes(ENGLISH_MARK))
    expect(holding).toEqual(['_locales/en/messages.json'])
  })

  it('has its background as one classic script without imports, and without what its pages draw with', () => {
    const { service_worker: worker, scripts, type } = manifest().background as Record<string, unknown>
    expect(type).toBeUndefined()
    expect(target === 'chrome' ? [worker] : scripts).toEqual([BACKGROUND_SCRIPT])
    const script = read(BACKGROUND_SCRIPT)
    console.log(`${target}: the background starts with ${Buffer.byteLength(script)} bytes`)
    expect(script).not.toMatch(/\bimport\s*[({'"*]|\bexport\s*[{*]/)
    expect(script).not.toContain(PREACT_MARK)
  })

  it('makes no schema as its background starts, and checks by them from its first order on', async () => {
    const background = startBackground(read(BACKGROUND_SCRIPT))
    expect(background.zod()).toBeNull()
    const answers = await background.order({ id: 1, command: { name: 'no such order' } })
    expect(answers).toEqual([
      expect.objectContaining({ id: 1, refusal: expect.objectContaining({ code: 'malformed' }) }),
    ])
    // Our CSP refuses code from strings.
    expect(background.zod()).toEqual({ jitless: true })
  })

  it('writes no property short that is a wire’s', () => {
    const wires = [...CallFrameToHostSchema._zod.def.options, ...CallFrameToPageSchema._zod.def.options]
    const names = wires.flatMap(({ shape }) => [...Object.keys(shape), shape.type._zod.def.values[0]])
    expect(names).toEqual(
      expect.arrayContaining(['base64', 'statusText', 'redirected', 'ask', 'credit', 'cut']),
    )
    const others: string[] = ['baseUrls', 'lost', 'integrity', 'cache', 'ports', 'cancelable']
    expect(OWN_PROPERTIES.filter((name) => [...names, ...others].includes(name))).toEqual([])
  })

  it('holds no path of the machine that built it', () => {
    const telling = filesBelow(built[target]).filter((file) => read(file).includes(ROOT))
    expect(telling).toEqual([])
  })

  it('has every file its manifest names', () => {
    const named = JSON.stringify(manifest()).match(/[\w/.-]+\.(?:png|html|js)\b/g) ?? []
    expect(named.length).toBeGreaterThan(5)
    for (const file of named) expect(statSync(join(built[target], file)).size).toBeGreaterThan(0)
  })
})

describe('building', () => {
  it.each(['chrome', 'firefox', 'host'] as const)(
    'ships the presets and none of their examples: %s',
    (target) => {
      const holding = (mark: string) =>
        filesBelow(built[target]).filter((file) =>
          readFileSync(join(built[target], file), 'utf8').includes(mark),
        )
      expect(holding(APART['the catalogue of services'])).not.toEqual([])
      expect(holding(EXAMPLE_MARK)).toEqual([])
    },
  )

  it('does nothing when nothing changed', async () => {
    const said: string[] = []
    await buildAll({ say: (line) => said.push(line) })
    expect(said).toHaveLength(3)
    for (const line of said) expect(line).toMatch(/up to date$/)
  })

  it('leaves a command that runs through a symbolic link, without a node on the path', async () => {
    const home = await temporaryHome()
    const link = join(home.home, 'vk')
    symlinkSync(join(built.host, '..', 'valetkey'), link)
    const printed = execFileSync(link, ['--version'], { env: { ...home.env, PATH: '/usr/bin:/bin' } })
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }
    expect(String(printed).trim()).toBe(version)
    await home.remove()
  })
})

describe.each([
  ['chromium', launchChromium, 'chrome'],
  ['firefox', launchFirefox, 'firefox'],
] as const)('the built extension in %s', (_name, launch, target) => {
  let home: TemporaryHome
  let driver: Driver
  let site: Server
  let origin: string

  beforeAll(async () => {
    site = createServer((_request, response) => response.setHeader('content-type', 'text/html').end('<p>x'))
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
    origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`
    home = await temporaryHome()
    driver = await launch({ extension: built[target], profile: home.profile, home: home.home })
  })
  afterAll(async () => {
    await driver?.close()
    await home?.remove()
    site?.closeAllConnections()
    site?.close()
  })

  it('loads, and tells its pages that there is no host', async () => {
    const page = await driver.extensionPage('extension/control/index.html')
    const state = await page.evaluate(`new Promise((resolve) => {
      const port = (globalThis.browser ?? chrome).runtime.connect({ name: 'owner' })
      port.onMessage.addListener(({ state }) => { if (state && state.host !== 'connecting') resolve(state) })
    })`)
    expect(state).toMatchObject({ host: 'missing', vault: null })
    await page.close()
  })

  it('writes no property short that is the platform’s', async () => {
    const page = await driver.newPage(`${origin}/`)
    const names = await page.evaluate(`(() => {
      const names = new Set()
      const note = (owner) => owner && Reflect.ownKeys(owner).forEach((key) => names.add(key))
      for (const key of Object.getOwnPropertyNames(globalThis)) {
        const { value } = Object.getOwnPropertyDescriptor(globalThis, key) ?? {}
        const made = typeof value === 'function' ? value : null
        names.add(key)
        note(made)
        note(made?.prototype)
        note(made && Object.getPrototypeOf(made.prototype ?? {}))
      }
      return [...names].filter((name) => typeof name === 'string')
    })()`)
    expect(names).toEqual(expect.arrayContaining(['fetch', 'readyState', 'toBase64', 'lengthComputable']))
    expect(OWN_PROPERTIES.filter((name) => (names as string[]).includes(name))).toEqual([])
    await page.close()
  })

  it('lets its own pages fetch nothing', async () => {
    const page = await driver.extensionPage('extension/control/index.html')
    const outcome = await page.evaluate(`fetch('${origin}/').then(() => 'sent', () => 'refused')`)
    expect(outcome).toBe('refused')
    await page.close()
  })

  it('cannot be found by a page', async () => {
    const page = await driver.newPage(`${origin}/`)
    for (const file of ['manifest.json', 'extension/icons/valet-key-16.png', PAGE_SCRIPT]) {
      const url = `${driver.extensionOrigin}/${file}`
      expect(await page.evaluate(`fetch('${url}').then(() => 'found', () => 'nothing')`)).toBe('nothing')
    }
    await page.close()
  })

  it('has the permission for a site when the owner gave it, and not when it was taken away', async () => {
    const ask = `(globalThis.browser ?? chrome).permissions.getAll().then(({ origins }) => origins)`
    expect(await driver.inBackground(ask)).toEqual([])
    await driver.grant(origin)
    expect(await driver.inBackground(ask)).toEqual(['http://127.0.0.1/*'])
    await driver.withdraw(origin)
    expect(await driver.inBackground(ask)).toEqual([])
  })

  it('answers again after its background was stopped', async () => {
    await driver.stopBackground()
    const page = await driver.extensionPage('extension/control/index.html')
    const answer = await page.evaluate(`new Promise((resolve) => {
      const port = (globalThis.browser ?? chrome).runtime.connect({ name: 'owner' })
      port.onMessage.addListener((frame) => { if (frame.id === 1) resolve(frame) })
      port.postMessage({ id: 1, command: { name: 'status' } })
    })`)
    expect(answer).toMatchObject({ refusal: { code: 'host-missing' } })
    await page.close()
  })
})
