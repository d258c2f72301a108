import { readFileSync } from 'node:fs'

/** The version of a package that this suite has installed. @throws Error where it is not installed. */
export function versionOf(name: string): string {
  const file = new URL(`./node_modules/${name}/package.json`, import.meta.url)
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}
