import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build, type InlineConfig } from 'vite'
import { CONTENT_SCRIPTS, contentScriptConfig } from '../../../scripts/vite.extension.ts'

const root = new URL('../../..', import.meta.url).pathname

/** Bundle one entry alone: a script of the product as it goes into the extension, else as it comes. Returns its minified text. */
export async function bundle(entry: string): Promise<string> {
  const script = CONTENT_SCRIPTS.find(({ source }) => source === entry)
  const result = await build(
    script
      ? withoutWriting(contentScriptConfig(root, script, join(root, 'dist')))
      : withoutWriting({
          root,
          configFile: false,
          logLevel: 'error',
          build: {
            target: 'es2024',
            lib: { entry: join(root, entry), formats: ['iife'], name: 'harness' },
          },
        }),
  )
  const outputs = Array.isArray(result) ? result : [result]
  const chunk = outputs.flatMap((output) => ('output' in output ? output.output : []))[0]
  if (chunk?.type !== 'chunk') throw new Error(`no chunk for ${entry}`)
  return chunk.code
}

const withoutWriting = (config: InlineConfig): InlineConfig => ({
  ...config,
  build: { ...config.build, write: false },
})

/** Id of the harness in Firefox. */
export const GECKO_ID = 'page-harness@valetkey.test'

/** Write an extension of the two real scripts and the stand-in background. Returns its folder. */
export async function writeExtension(folder: string, browser: 'chromium' | 'firefox'): Promise<string> {
  const [page, content, background] = await Promise.all([
    bundle('extension/page/main.iife.ts'),
    bundle('extension/content/main.iife.ts'),
    bundle('test/e2e/page-harness/stand-in-background.ts'),
  ])
  const script = { matches: ['http://127.0.0.1/*'], run_at: 'document_start', all_frames: true }
  const manifest = {
    manifest_version: 3,
    name: 'page harness',
    version: '1.0',
    host_permissions: ['http://127.0.0.1/*', 'http://localhost/*'],
    permissions: ['scripting'],
    background: browser === 'chromium' ? { service_worker: 'background.js' } : { scripts: ['background.js'] },
    content_scripts: [
      { ...script, js: ['content.js'], match_origin_as_fallback: true },
      { ...script, js: ['page.js'], match_origin_as_fallback: true, world: 'MAIN' },
    ],
    ...(browser === 'firefox' ? { browser_specific_settings: { gecko: { id: GECKO_ID } } } : {}),
  }
  await mkdir(folder, { recursive: true })
  const files = {
    'manifest.json': JSON.stringify(manifest),
    'page.js': page,
    'content.js': content,
    'background.js': background,
  }
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)))
  return folder
}
