import { readdir, readFile } from 'node:fs/promises'
import { join, sep } from 'node:path'

const TOPS = ['shared', 'extension', 'native-host']

/** The product's own sources, by path from the top of the tree with `/`. @param root the top. */
export async function readSources(root: string): Promise<Map<string, string>> {
  const sources = new Map<string, string>()
  for (const top of TOPS) {
    for (const name of await readdir(join(root, top), { recursive: true })) {
      if (!/(?<!\.d)\.tsx?$/.test(name)) continue
      sources.set(join(top, name).split(sep).join('/'), await readFile(join(root, top, name), 'utf8'))
    }
  }
  return sources
}
