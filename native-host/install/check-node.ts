import { spawnSync } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import { Refusal } from '../refusal.ts'

/**
 * The Node a launcher may name: the owner's own choice, if it is a Node of our major version.
 *
 * @returns its absolute path without symbolic links, which version managers repoint.
 * @throws Refusal `invalid`.
 */
export function checkedNode(path: string): string {
  if (!isAbsolute(path)) throw new Refusal('invalid', `\`--node\` wants an absolute path, not \`${path}\``)
  const wanted = process.versions.node.split('.')[0]
  const { status, stdout } = spawnSync(path, ['-p', 'process.versions.node'], { encoding: 'utf8', env: {} })
  if (status !== 0) throw new Refusal('invalid', `\`${path}\` does not run`)
  const version = stdout.trim()
  if (version.split('.')[0] !== wanted) {
    throw new Refusal('invalid', `\`${path}\` is Node ${version}; the host needs Node ${wanted}`)
  }
  return realpathSync(path)
}

/** The Node that runs this, as a launcher may name it: by its absolute path without symbolic links. */
export function runningNode(): string {
  return realpathSync(process.execPath)
}
