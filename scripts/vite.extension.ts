import { crx, type ManifestV3Export } from '@crxjs/vite-plugin'
import { preact } from '@preact/preset-vite'
import type { InlineConfig } from 'vite'
import { browserTexts } from './browser-texts.ts'
import { type ExtensionTarget, pagesManifestFor } from './build-manifest.ts'
import { noInnerHtml } from './no-inner-html.ts'
import { ownSource } from './own-source.ts'
import { shortFunctions } from './short-functions.ts'
import { ONCE_PRIVATE, shortPrivates } from './short-privates.ts'

/** Pages that no manifest key names and that must be in the build all the same. */
const PAGES = {
  control: 'extension/control/index.html',
  approve: 'extension/popup/approve.html',
  request: 'extension/popup/request.html',
}

/**
 * What more than one of the extension's pages uses, in one file for all of them: to ask the browser for each of many small
 * ones takes a page longer than to read what it does not need.
 */
const SHARED = [
  {
    name: 'ui',
    priority: 1,
    test: /[\\/](?:extension[\\/]ui|node_modules[\\/](?:preact|webextension-polyfill)|shared[\\/]protocol[\\/](?:limits|owner-port-name)\.ts$)/,
  },
  { name: 'windows', test: /[\\/]extension[\\/]popup[\\/]/, minShareCount: 2 },
]

/** Scripts that run in pages: where the source is, and the stable path that `scripting` is told. */
export const CONTENT_SCRIPTS = [
  { source: 'extension/page/main.iife.ts', file: 'extension/page/main.js' },
  { source: 'extension/content/main.iife.ts', file: 'extension/content/main.js' },
  { source: 'extension/content/page-keys/main.iife.ts', file: 'extension/content/page-keys.js' },
] as const

/** What our own pages run before they are painted: a classic script too, since a module waits for the whole page. */
export const FIRST_SCRIPT = {
  source: 'extension/ui/theme-first.iife.ts',
  file: 'extension/ui/theme.js',
} as const

/** What the popup runs first: it loads the rest. */
export const POPUP_START = {
  source: 'extension/popup/start.iife.ts',
  file: 'extension/popup/start.js',
} as const

/**
 * Properties of the own objects of the scripts in a document, which are written short in their bundles. None may be a name of
 * the platform or of a wire: a test compares them with both. Nor one by which such a script finds another's.
 */
export const OWN_PROPERTIES: readonly string[] = [
  ...[
    'args',
    'asSent',
    'bases',
    'begin',
    'carried',
    'came',
    'events',
    'expect',
    'fail',
    'failure',
    'feed',
    'fields',
    'give',
    'giveUp',
    'isAsync',
  ],
  ...[
    'isBlocked',
    'isDue',
    'isOwed',
    'isQuiet',
    'made',
    'mime',
    'more',
    'native',
    'over',
    'peer',
    'phase',
    'post',
  ],
  ...['received', 'sent', 'sentAll', 'setTimer', 'taken', 'unwanted', 'written'],
  ...[
    'admit',
    'affords',
    'deliver',
    'failAll',
    'headed',
    'hurry',
    'isFull',
    'isHidden',
    'keep',
    'note',
    'serve',
    'shown',
    'takeNow',
  ],
]

const PRIVATE_ONLY = { include: new RegExp(`${ONCE_PRIVATE}$`) }
const OWN_ONLY = { include: new RegExp(`^(?:${OWN_PROPERTIES.join('|')}|.*${ONCE_PRIVATE})$`) }

/** Build of the extension's pages into `outDir`. */
export function extensionConfig(root: string, target: ExtensionTarget, outDir: string): InlineConfig {
  const manifest = pagesManifestFor(target)
  return {
    root,
    configFile: false,
    logLevel: 'warn',
    plugins: [
      noInnerHtml(),
      browserTexts(),
      preact(),
      crx({ manifest: manifest as unknown as ManifestV3Export, browser: target }),
    ],
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2024',
      // Named in the page, so that no script waits for another to name it. The helper for browsers without it would fetch.
      modulePreload: { polyfill: false },
      // An inlined picture would be a data: URL, which the pages' CSP refuses.
      assetsInlineLimit: 0,
      rolldownOptions: { input: PAGES, output: { codeSplitting: { groups: SHARED } } },
    },
  }
}

/**
 * Build of one content script: a single classic script without imports, at a stable path. The bundler's own way turns a
 * script with a shared import into an asynchronous loader, which loses the race with the page's first script.
 */
export function contentScriptConfig(
  root: string,
  script: { readonly source: string; readonly file: string },
  outDir: string,
): InlineConfig {
  return {
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    plugins: [shortFunctions(), script.source.startsWith('extension/page/') ? ownSource() : shortPrivates()],
    build: {
      outDir,
      emptyOutDir: false,
      target: 'es2024',
      modulePreload: false,
      rolldownOptions: {
        input: script.source,
        // Written last, and asked for by its place.
        external: ['/assets/popup.js'],
        output: {
          format: 'iife',
          entryFileNames: script.file,
          codeSplitting: false,
          minify: {
            compress: { target: 'es2024' },
            mangle: true,
            mangleProps: script === CONTENT_SCRIPTS[2] ? PRIVATE_ONLY : OWN_ONLY,
          },
        },
      },
    },
  }
}
