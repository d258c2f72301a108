import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

/**
 * Bundle a package for the browser as its users do.
 *
 * @param source the entry, e.g. `export { default } from 'x'`; what it exports becomes the global `name`.
 * @returns the script.
 */
export async function bundleClient(name: string, source: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'valetkey-bundle-'))
  try {
    const entry = join(folder, 'entry.mjs')
    await writeFile(entry, source)
    const built = await build({
      configFile: false,
      logLevel: 'silent',
      root: fileURLToPath(new URL('../..', import.meta.url)),
      build: {
        write: false,
        minify: false,
        lib: { entry, name, formats: ['iife'], fileName: 'client' },
      },
      resolve: { alias: aliasesOf(source) },
    })
    const output = Array.isArray(built) ? built[0] : built
    if (output === undefined || !('output' in output)) throw new Error('nothing was built')
    return output.output[0].code
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The entry lies outside the tree, so packages it names are pointed at ours. */
function aliasesOf(source: string): { find: string; replacement: string }[] {
  const names = [...source.matchAll(/from '([^']+)'/g)].map((match) => match[1] ?? '')
  return names.map((find) => ({ find, replacement: fileURLToPath(import.meta.resolve(find)) }))
}
