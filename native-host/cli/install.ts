import { resolve } from 'node:path'
import type { Command } from 'commander'
import { checkedNode, runningNode } from '../install/check-node.ts'
import { isChromiumId } from '../install/extension-id.ts'
import { type InstallLine, install, thisPlace } from '../install/installation.ts'
import { sandboxedBrowsers } from '../install/sandboxed-browsers.ts'
import { type UninstallLine, uninstall } from '../install/uninstallation.ts'
import { databaseExists } from '../store/database-file.ts'
import { vaultHome } from '../vault-home.ts'
import { EXIT } from './exit-code.ts'
import { collect } from './parse-figures.ts'
import { table } from './table.ts'
import type { Terminal } from './terminal.ts'
import { UsageError } from './usage-error.ts'

interface InstallOptions {
  browser?: string[]
  profile?: string
  extensionId?: string[]
  node?: string
}

/** `install`, `uninstall`: make the host known to browsers, and take that back. */
export function registerInstall(program: Command, terminal: Terminal): void {
  program
    .command('install')
    .description('register the host with every browser found')
    .option('--browser <name>', 'only this one; may be repeated', collect)
    .option('--profile <folder>', 'a Chromium profile folder of its own (`--user-data-dir`)')
    .option('--extension-id <id>', 'a further Chromium extension that may start the host', collectId)
    .option('--node <path>', 'run the host on this Node of the same major version')
    .addHelpText(
      'after',
      '\nThe launcher names this folder by its absolute path: install again after moving it.',
    )
    .action((options: InstallOptions) => installAll(options, terminal))
  program
    .command('uninstall')
    .description('take back exactly what `install` wrote; the vault stays')
    .action(() => uninstallAll(terminal))
}

function installAll(options: InstallOptions, terminal: Terminal): void {
  const place = thisPlace()
  const lines = install(
    {
      browsers: options.browser ?? [],
      profile: options.profile === undefined ? null : resolve(options.profile),
      extensionIds: options.extensionId ?? [],
      node: options.node === undefined ? runningNode() : checkedNode(options.node),
      vault: vaultHome(),
      command: process.argv[1] ?? '',
    },
    place,
  )
  if (lines.some((line) => !line.ok)) terminal.exitCode = EXIT.failed
  const sandboxed =
    options.browser === undefined && options.profile === undefined ? sandboxedBrowsers(place.home) : []
  terminal.answer({ browsers: lines, notes: sandboxed }, installText(lines))
  for (const sentence of sandboxed) terminal.note(sentence)
  if (
    options.profile !== undefined &&
    lines.every((line) => !line.message.startsWith(resolve(options.profile ?? '')))
  ) {
    terminal.note(
      'This browser reads hosts from the home directory, whatever its profile: it was written there.',
    )
  }
}

function installText(lines: readonly InstallLine[]): string {
  return table(lines.map((line) => [line.ok ? 'registered' : 'failed', line.label, line.message]))
}

function uninstallAll(terminal: Terminal): void {
  const vault = vaultHome()
  const lines = uninstall(vault)
  if (lines.some(({ outcome }) => outcome === 'failed')) terminal.exitCode = EXIT.failed
  terminal.answer({ removed: lines }, lines.length === 0 ? 'Nothing was installed.' : uninstallText(lines))
  terminal.note('The extension is taken out on the browser’s own page of extensions.')
  if (databaseExists(vault))
    terminal.note(
      `The vault stays, with your keys and the log: whoever wants them gone deletes \`${vault}\`.`,
    )
}

function uninstallText(lines: readonly UninstallLine[]): string {
  const words = {
    removed: 'removed',
    gone: 'was gone',
    changed: 'kept, it was changed',
    failed: 'could not be removed',
  }
  return table(lines.map(({ path, outcome }) => [words[outcome], path]))
}

function collectId(value: string, before: string[] = []): string[] {
  if (!isChromiumId(value)) throw new UsageError(`\`${value}\` is not an id of a Chromium extension`)
  return [...before, value]
}
