import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const HERE = fileURLToPath(new URL('.', import.meta.url))

/** The pages' scripts as a bundler leaves them for a site. */
export interface BundledPages {
  /** Holds `<page>.js` for each page, and what they share. */
  readonly folder: string
  remove(): Promise<void>
}

/** Bundle pages of `pages/`, for release, each with the package it names, as its users do. @throws what the bundler throws. */
export async function bundlePages(names: readonly string[]): Promise<BundledPages> {
  const folder = await mkdtemp(join(tmpdir(), 'valetkey-compat-'))
  await build({
    configFile: false,
    logLevel: 'error',
    root: HERE,
    mode: 'production',
    base: '/compat/',
    // Some packages read it as a bundler leaves it to them.
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'es2022',
      modulePreload: { polyfill: false },
      rolldownOptions: {
        input: Object.fromEntries(names.map((name) => [name, join(HERE, 'pages', `${name}.js`)])),
        preserveEntrySignatures: 'strict',
        output: { entryFileNames: '[name].js' },
      },
    },
  })
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) }
}

/** A page that runs one of the scripts, below `/compat/`. */
export function pageOf(name: string): { html: string } {
  return {
    html: `<!doctype html><html lang="en"><title>${name}</title><link rel="icon" href="data:,"><body><script type="module" src="/compat/${name}.js"></script></body></html>`,
  }
}
