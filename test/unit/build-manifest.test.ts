import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { finishManifest, manifestFor, pagesManifestFor } from '../../scripts/build-manifest.ts'
import { hashInputs, isFresh, withBuildLock, writeStamp } from '../../scripts/build-stamp.ts'
import { quoteForShell } from '../../scripts/quote-for-shell.ts'
import { hostConfig } from '../../scripts/vite.host.ts'
import { extensionIdOf } from '../support/extension-id.ts'

describe('the manifest of each browser', () => {
  it('asks for the same five permissions and no site', () => {
    for (const target of ['chrome', 'firefox'] as const) {
      const manifest = manifestFor(target)
      expect(manifest.permissions).toEqual(['nativeMessaging', 'storage', 'scripting', 'activeTab', 'alarms'])
      expect(manifest).not.toHaveProperty('host_permissions')
      expect(manifest).not.toHaveProperty('content_scripts')
      expect(manifest).not.toHaveProperty('externally_connectable')
      expect(manifest.optional_host_permissions).toEqual(['https://*/*', 'http://*/*'])
    }
  })

  it('names its background and itself as each browser wants it', () => {
    // No module: a classic script starts sooner.
    const script = 'extension/background/main.js'
    expect(manifestFor('chrome').background).toEqual({ service_worker: script })
    expect(manifestFor('firefox').background).toEqual({ scripts: [script] })
    expect(manifestFor('chrome')).not.toHaveProperty('browser_specific_settings')
    expect(manifestFor('firefox')).not.toHaveProperty('key')
    expect(manifestFor('firefox').browser_specific_settings).toMatchObject({
      gecko: { id: 'valetkey@valetkey.org', data_collection_permissions: { required: ['none'] } },
    })
  })

  it('has the id that native hosts are installed for', () => {
    expect(extensionIdOf(String(manifestFor('chrome').key))).toBe('cnkkbcekicaicjkbdpmgbllbbogmmgnh')
  })

  it.each(['chrome', 'firefox'] as const)(
    'keeps its background from the bundler of its pages: %s',
    (target) => {
      expect(pagesManifestFor(target)).not.toHaveProperty('background')
      const { background } = manifestFor(target)
      expect(finishManifest(pagesManifestFor(target), target)).toMatchObject({ background })
    },
  )

  it('loses the web-accessible resources that a bundler adds', () => {
    const built = { name: 'x', web_accessible_resources: [{ matches: ['<all_urls>'], resources: ['a.js'] }] }
    const { background } = manifestFor('chrome')
    expect(finishManifest(built, 'chrome')).toEqual({ name: 'x', background, default_locale: 'en' })
  })
})

describe('the stamp of a build', () => {
  let root: string

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'valetkey-build-'))
    await mkdir(join(root, 'a/b'), { recursive: true })
    await writeFile(join(root, 'a/b/one.ts'), 'one')
    await writeFile(join(root, 'two.json'), '{}')
  })
  afterEach(() => rm(root, { recursive: true }))

  it('changes with the content, the name and the presence of a file, and with nothing else', async () => {
    const inputs = ['a', 'two.json']
    const before = await hashInputs(root, inputs)
    await writeFile(join(root, 'beside.ts'), 'not an input')
    expect(await hashInputs(root, inputs)).toBe(before)
    await writeFile(join(root, 'a/b/one.ts'), 'One')
    const changed = await hashInputs(root, inputs)
    expect(changed).not.toBe(before)
    await writeFile(join(root, 'a/three.ts'), '')
    expect(await hashInputs(root, inputs)).not.toBe(changed)
    await rm(join(root, 'a/three.ts'))
    await writeFile(join(root, 'a/b/one.ts'), 'one')
    expect(await hashInputs(root, inputs)).toBe(before)
  })

  it('is fresh for the hash it was written with only', async () => {
    const stamp = join(root, '.stamps/chrome')
    expect(isFresh(stamp, 'x')).toBe(false)
    await writeStamp(stamp, 'x')
    expect(isFresh(stamp, 'x')).toBe(true)
    expect(isFresh(stamp, 'y')).toBe(false)
  })

  it('lets one build at a time into a folder, also after one that failed', async () => {
    const order: string[] = []
    const work = (name: string) => async () => {
      order.push(`${name} in`)
      await new Promise((resolve) => setTimeout(resolve, 20))
      order.push(`${name} out`)
      if (name === 'first') throw new Error('failed')
    }
    await Promise.allSettled([withBuildLock(root, work('first')), withBuildLock(root, work('second'))])
    expect(order.slice(1, 3).map((line) => line.split(' ')[1])).toEqual(['out', 'in'])
    expect(order).toHaveLength(4)
  })
})

describe('programs that the host starts', () => {
  it('are the built ones in the build', () => {
    const [plugin] = hostConfig('/x', '/y').plugins as unknown as [{ transform(code: string): string }]
    const source = `new URL('./keychain-program.ts', import.meta.url)`
    expect(plugin.transform(source)).toBe(`new URL('./keychain-program.mjs', import.meta.url)`)
    const other = `new URL('./something.ts', import.meta.url)`
    expect(plugin.transform(other)).toBe(other)
  })
})

describe('quoting for a shell', () => {
  it('keeps quotes, blanks and dollars as they are', () => {
    expect(quoteForShell('/opt/my node')).toBe(`'/opt/my node'`)
    expect(quoteForShell(`it's $HOME`)).toBe(`'it'\\''s $HOME'`)
  })
})
