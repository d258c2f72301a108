import { existsSync } from 'node:fs'
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { InlineConfig } from 'vite'
import { writeCommand } from './build-command.ts'
import { type ExtensionTarget, finishManifest, type Manifest, manifestMessages } from './build-manifest.ts'
import { hashInputs, isFresh, withBuildLock, writeStamp } from './build-stamp.ts'
import { presetFaults } from './check-presets.ts'
import { writePresetList } from './list-presets.ts'

/** What can be built. */
export type BuildTarget = ExtensionTarget | 'host'
const BUILD_TARGETS: readonly BuildTarget[] = ['chrome', 'firefox', 'host']

const ROOT = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '')
const COMMON_INPUTS = ['shared', 'scripts', 'package-lock.json', 'tsconfig.json']
const INPUTS: Record<BuildTarget, readonly string[]> = {
  chrome: ['extension', 'manifest.json', ...COMMON_INPUTS],
  firefox: ['extension', 'manifest.json', ...COMMON_INPUTS],
  host: ['native-host', 'manifest.json', ...COMMON_INPUTS],
}

export interface BuildOptions {
  /** Default: all. */
  targets?: readonly BuildTarget[]
  /** Where `chrome/`, `firefox/`, `host/` and the `valetkey` command go. Default: `dist` at the top of the tree. */
  out?: string
  /** Told each thing that was built or found fresh. Default: says nothing. */
  say?: (line: string) => void
}

/**
 * Build what changed: a target whose inputs have the hash of its last build is left alone. Safe to call from several
 * processes at once; each output folder changes in one step, so that a browser never loads half a build.
 *
 * @returns the folders of the targets, absolute. @throws what the bundler throws; the last good build stays.
 */
export async function buildAll(options: BuildOptions = {}): Promise<Record<BuildTarget, string>> {
  await writePresetList()
  // Only now: what it imports may just have been written.
  const { PRESETS } = await import('../shared/presets/catalogue.ts')
  const faults = presetFaults(PRESETS)
  if (faults.length > 0) throw new Error(faults.join('\n'))
  const out = resolve(ROOT, options.out ?? 'dist')
  await withBuildLock(out, async () => {
    for (const target of options.targets ?? BUILD_TARGETS) {
      const started = Date.now()
      const built = await buildOne(out, target)
      options.say?.(
        `${relative(ROOT, join(out, target))}: ${built ? `built in ${Date.now() - started} ms` : 'up to date'}`,
      )
    }
  })
  return { chrome: join(out, 'chrome'), firefox: join(out, 'firefox'), host: join(out, 'host') }
}

async function buildOne(out: string, target: BuildTarget): Promise<boolean> {
  const stamp = join(out, '.stamps', target)
  const hash = await hashInputs(ROOT, INPUTS[target])
  if (existsSync(join(out, target)) && isFresh(stamp, hash)) return false
  const fresh = join(out, `.${target}-new`)
  await rm(fresh, { recursive: true, force: true })
  if (target === 'host') await buildHost(fresh)
  else await buildExtension(target, fresh)
  await replaceFolder(fresh, join(out, target))
  if (target === 'host') await writeCommand(out, process.execPath)
  await writeStamp(stamp, hash)
  return true
}

// The bundler and its plugins are loaded where something is built: each suite asks for what is built already, and half a second
// of the processor went there every time.

async function buildHost(outDir: string): Promise<void> {
  const { commandProgramConfig, hostConfig, hostProgramConfig } = await import('./vite.host.ts')
  await buildForRelease(hostConfig(ROOT, outDir))
  await buildForRelease(hostProgramConfig(ROOT, outDir))
  await buildForRelease(commandProgramConfig(ROOT, outDir))
  // Only now: what it imports may just have been written.
  const { writeCodeCache } = await import('./write-code-cache.ts')
  const { writeCommandCache } = await import('./write-command-cache.ts')
  await Promise.all([writeCodeCache(outDir), writeCommandCache(outDir)])
  await cp(join(ROOT, 'native-host/playground/page'), join(outDir, 'page'), { recursive: true })
}

async function buildExtension(target: ExtensionTarget, outDir: string): Promise<void> {
  await bundleExtension(target, outDir)
  const file = join(outDir, 'manifest.json')
  const manifest = finishManifest(JSON.parse(await readFile(file, 'utf8')) as Manifest, target)
  await writeFile(file, `${JSON.stringify(manifest, null, 2)}\n`)
  await cp(join(ROOT, 'extension/icons'), join(outDir, 'extension/icons'), {
    recursive: true,
    filter: (file) => !file.endsWith('.svg'),
  })
  await cp(join(ROOT, 'extension/_locales'), join(outDir, '_locales'), {
    recursive: true,
    // The other texts of a language are in the bundle: a browser reads this file alone.
    filter: (path) => !path.endsWith('.json') || basename(path) === 'messages.json',
  })
  await checkMessages(join(outDir, '_locales/en/messages.json'))
  await rm(join(outDir, '.vite'), { recursive: true, force: true })
}

async function bundleExtension(target: ExtensionTarget, outDir: string): Promise<void> {
  const { CONTENT_SCRIPTS, contentScriptConfig, extensionConfig, FIRST_SCRIPT, POPUP_START } = await import(
    './vite.extension.ts'
  )
  const { backgroundConfig } = await import('./vite.background.ts')
  await buildForRelease(extensionConfig(ROOT, target, outDir))
  await buildForRelease(backgroundConfig(ROOT, outDir))
  for (const script of [...CONTENT_SCRIPTS, FIRST_SCRIPT, POPUP_START])
    await buildForRelease(contentScriptConfig(ROOT, script, outDir))
  const { joinPopup } = await import('./one-file-popup.ts')
  await joinPopup(outDir, buildForRelease)
}

/** A test runner's NODE_ENV would make the bundler build for development, with the paths of this machine in the code. */
async function buildForRelease(config: InlineConfig): Promise<void> {
  const { NODE_ENV } = process.env
  process.env.NODE_ENV = 'production'
  try {
    const { build } = await import('vite')
    await build({ ...config, mode: 'production' })
  } finally {
    if (NODE_ENV === undefined) delete process.env.NODE_ENV
    else process.env.NODE_ENV = NODE_ENV
  }
}

/** Both browsers refuse an extension whose manifest names a message that its default locale lacks, without saying which. */
async function checkMessages(file: string): Promise<void> {
  const messages = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>
  const missing = manifestMessages().filter((name) => !Object.hasOwn(messages, name))
  if (missing.length > 0) throw new Error(`extension/_locales/en/messages.json lacks ${missing.join(', ')}`)
}

async function replaceFolder(fresh: string, folder: string): Promise<void> {
  const old = `${folder}-old`
  await rm(old, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await rename(folder, old)
  await rename(fresh, folder)
  await rm(old, { recursive: true, force: true })
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    options: { out: { type: 'string' } },
    allowPositionals: true,
  })
  const targets = BUILD_TARGETS.filter((target) => positionals.length === 0 || positionals.includes(target))
  await buildAll({ targets, say: (line) => console.log(line), ...(values.out ? { out: values.out } : {}) })
}
