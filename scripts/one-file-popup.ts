import { readFile, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { InlineConfig } from 'vite'

/** Page of the popup, and what the browser starts it with: see `start.iife.ts`. */
const PAGE = 'extension/popup/index.html'
/** Pages that may need a file of the popup too. */
const OTHERS = [
  'extension/control/index.html',
  'extension/popup/approve.html',
  'extension/popup/request.html',
]
/** What the popup waits for before it is drawn: one script and one sheet, at the places that the page and its first script name. */
const SCRIPT = 'popup.js'
const SHEET = 'assets/popup.css'

const NAMED = {
  entry: /[ \t]*<script type="module"[^>]* src="\/(?<file>[^"]+)"><\/script>\n/g,
  script: /[ \t]*<link rel="modulepreload"[^>]* href="\/(?<file>[^"]+)">\n/g,
  sheet: /[ \t]*<link rel="stylesheet"[^>]* href="\/(?<file>[^"]+)">\n/g,
}

/**
 * Write what the popup of a built extension waits for into one file of each kind. The other pages share the bundler's files; of a
 * popup each file that the browser is asked for delays the first picture by some milliseconds, and a person opens it all day.
 *
 * @param bundle builds with a configuration of the bundler's. @throws where the page does not name what the bundler writes.
 */
export async function joinPopup(
  outDir: string,
  bundle: (config: InlineConfig) => Promise<void>,
): Promise<void> {
  const page = await readFile(join(outDir, PAGE), 'utf8')
  const [entry = '', ...more] = filesIn(page, NAMED.entry)
  const sheets = filesIn(page, NAMED.sheet)
  if (entry === '' || more.length > 0 || sheets.length === 0)
    throw new Error(`${PAGE} was built in another form`)
  await bundle(joined(outDir, entry, new Set(filesIn(page, NAMED.script).map((file) => basename(file)))))
  const texts = await Promise.all(sheets.map((file) => readFile(join(outDir, file), 'utf8')))
  await writeFile(join(outDir, SHEET), texts.join(''))
  const bare = Object.values(NAMED).reduce((text, named) => text.replace(named, ''), page)
  const sheet = `<link rel="stylesheet" href="/${SHEET}">`
  await writeFile(join(outDir, PAGE), bare.replace('</head>', `  ${sheet}\n  </head>`))
  await removeUnnamed(outDir, [entry, ...sheets])
}

const filesIn = (page: string, named: RegExp): string[] =>
  [...page.matchAll(named)].map(({ groups }) => groups?.file ?? '')

/** What is loaded later stays in files of its own. @param beside names of the files that are waited for. */
function joined(outDir: string, entry: string, beside: ReadonlySet<string>): InlineConfig {
  return {
    root: dirname(outDir),
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    build: {
      // Beside the files that it loads later, so that it names them as the bundler's own do.
      outDir: join(outDir, dirname(entry)),
      emptyOutDir: false,
      target: 'es2024',
      modulePreload: false,
      rolldownOptions: {
        input: join(outDir, entry),
        external: (file: string) => file.startsWith('.') && !beside.has(basename(file)),
        output: { entryFileNames: SCRIPT },
      },
    },
  }
}

async function removeUnnamed(outDir: string, files: readonly string[]): Promise<void> {
  const pages = await Promise.all(OTHERS.map((file) => readFile(join(outDir, file), 'utf8')))
  for (const file of files) {
    if (!pages.some((page) => page.includes(file))) await rm(join(outDir, file))
  }
}
