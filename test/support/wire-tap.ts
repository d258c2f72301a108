import { chmod, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Runs in place of the launcher: starts it, carries both directions unchanged, and writes down what passed. */
const TAP = `
import { spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
const [launcher, record, ...args] = process.argv.slice(2)
const host = spawn(launcher, args, { stdio: ['pipe', 'pipe', 'inherit'] })
const log = createWriteStream(record, { flags: 'a' })
process.stdin.on('data', (bytes) => log.write(bytes))
process.stdin.pipe(host.stdin)
host.stdout.on('data', (bytes) => log.write(bytes))
host.stdout.pipe(process.stdout)
host.stdin.on('error', () => {})
process.stdout.on('error', () => {})
host.once('close', () => log.end(() => process.exit(0)))
`

/**
 * Put a recorder between the browser and the registered host. Not on Windows, whose manifests name a program.
 *
 * @param manifest the host's manifest; its path is pointed at the recorder.
 * @param folder where the recorder goes, and its record `wire.bin`.
 * @returns the record's path.
 */
export async function tapWire(manifest: string, folder: string): Promise<string> {
  const written = JSON.parse(await readFile(manifest, 'utf8')) as { path: string }
  const [script, start, record] = ['tap.mjs', 'tap.sh', 'wire.bin'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  await writeFile(script, TAP)
  await writeFile(
    start,
    `#!/bin/sh\nexec '${process.execPath}' '${script}' '${written.path}' '${record}' "$@"\n`,
  )
  await chmod(start, 0o755)
  await writeFile(record, '')
  await writeFile(manifest, JSON.stringify({ ...written, path: start }))
  return record
}
