import { readFileSync } from 'node:fs'

const FOLDER = './page/'

/** What the page is made of, by the name it is asked for. */
const FILES: Readonly<Record<string, { name: string; type: string }>> = {
  '': { name: 'index.html', type: 'text/html; charset=utf-8' },
  'playground.css': { name: 'playground.css', type: 'text/css; charset=utf-8' },
  'playground.js': { name: 'playground.js', type: 'text/javascript; charset=utf-8' },
  'words.js': { name: 'words.js', type: 'text/javascript; charset=utf-8' },
  'stream.js': { name: 'stream.js', type: 'text/javascript; charset=utf-8' },
  'mark.svg': { name: 'mark.svg', type: 'image/svg+xml' },
}

/** Where `index.html` is told which addresses its policy lets it speak to. */
const REACHES = '%REACHES%'

/**
 * A file of the playground's page; null where there is none of that name.
 *
 * @param reaches origins the page may speak to besides its own.
 */
export function pageFile(name: string, reaches: readonly string[]): { text: string; type: string } | null {
  // SECURITY: names come from a list, so that no request chooses what is read.
  const file = Object.hasOwn(FILES, name) ? FILES[name] : undefined
  if (file === undefined) return null
  const text = readFileSync(new URL(FOLDER + file.name, import.meta.url), 'utf8')
  // Serialized origins have no character that would end an attribute.
  return { text: text.replace(REACHES, reaches.join(' ')), type: file.type }
}
