import { join, win32 } from 'node:path'
import { registryPath } from '../references/registry.ts'
import { PASSED_ON } from '../references/run-command.ts'
import { OPEN_AT_START } from '../vault/open-at-start.ts'
import type { HostProgram } from './host-program.ts'
import { SOCKET_TABLES } from './listening.ts'

/**
 * Kept small, with what `keepHeapSmall` does later: of hundreds of streams at once most memory is garbage that waits to be collected, and room that glibc keeps
 * in arenas of its own. With these 150 endless bodies that nobody reads took 190 MiB instead of 320, one body of 200 MiB
 * went through at 0.7 of the speed, which is still several times what a browser takes. glibc(3), mallopt(3).
 */
const MALLOC = ['MALLOC_ARENA_MAX=1', 'MALLOC_MMAP_THRESHOLD_=32768']
/** Flags of V8 that the host runs with. Its code cache is recorded with the same. */
export const ENGINE_FLAGS = ['--max-semi-space-size=1']

/** Flags of Node for what runs beside the host. */
const PLAIN = ['--disable-sigusr1', '--disable-warning=ExperimentalWarning']

/** Everything a launcher holds: all of it absolute, because a browser has neither a shell's PATH nor its folder. */
export interface LauncherParts {
  readonly node: string
  readonly program: HostProgram
  /** The vault's folder. */
  readonly vault: string
  /** The user's home directory. */
  readonly home: string
  /** `XDG_CONFIG_HOME` of whoever installed, where browsers are looked for below it. Absent: the usual place. */
  readonly configHome?: string | undefined
  /** Manifests and launchers of browsers: the host may read these files to say which of them would start it. */
  readonly registrations?: readonly string[]
}

/**
 * The program a browser starts, for a POSIX shell. It empties the environment (NODE_OPTIONS, proxies, preloads of the
 * browser's own), forbids core dumps, and becomes the host under Node's permission model: no child processes, no
 * workers, no addons, no files but its own and the vault's; on Linux the system's two tables of sockets besides.
 */
export function shellLauncher(parts: LauncherParts): string {
  const environment = [`HOME=${parts.home}`, 'LANG=C.UTF-8', ...MALLOC]
  const command = [
    ...environment,
    parts.node,
    ...posixFlags(parts),
    parts.program.main,
    '--home',
    parts.vault,
  ]
  return `#!/bin/sh
# Starts the Valet Key host. Written by \`valetkey install\`, removed by \`valetkey uninstall\`.
ulimit -c 0
umask 077
[ -d ${quoted(parts.vault)} ] || /bin/mkdir -p -m 0700 ${quoted(parts.vault)}
if [ -e ${quoted(join(parts.vault, OPEN_AT_START))} ]; then
  /usr/bin/env -i \\
    ${opener(parts).join(' \\\n    ')} \\
    </dev/null >/dev/null 2>&1 || :
fi
if [ -e ${quoted(registryPath(parts.vault))} ]; then
  exec /usr/bin/env -i ${asFound(PASSED_ON)} \\
    ${attended(parts, environment).join(' \\\n    ')} \\
    --home ${quoted(parts.vault)} --launcher "$0"${configOf(parts)} "$@"
fi
exec /usr/bin/env -i \\
  ${command.map(quoted).join(' \\\n  ')} \\
  --parent "$PPID" --launcher "$0"${configOf(parts)} "$@"
`
}

/** Said and not left in the environment, where the attendant has whatever its browser has of that name. */
function configOf({ configHome }: LauncherParts): string {
  return configHome === undefined ? '' : ` --config-home ${quoted(configHome)}`
}

/**
 * Opens the vault with its key file or keychain and leaves the key with a holder, in a short-lived process of its own:
 * the host itself may neither start programs nor read files elsewhere. The keychain is reached over the session bus.
 */
function opener(parts: LauncherParts): string[] {
  const known = [`HOME=${parts.home}`, 'LANG=C.UTF-8', `VALETKEY_HOME=${parts.vault}`].map(quoted)
  const command = [parts.node, ...PLAIN, parts.program.command]
  return [
    ...known,
    asFound(['DBUS_SESSION_BUS_ADDRESS', 'XDG_RUNTIME_DIR']),
    ...command.map(quoted),
    'unlock',
    '--stored',
  ]
}

/**
 * Has the attendant start the host, where the owner has entered references: it fetches for the host what needs programs
 * and files, and gets what these need to find their agents.
 */
function attended(parts: LauncherParts, environment: readonly string[]): string[] {
  const command = [parts.node, ...PLAIN, parts.program.attendant, '--home', parts.vault]
  const host = [parts.node, ...posixFlags(parts), parts.program.main]
  return [...[...environment, ...command].map(quoted), '--parent "$PPID" --', ...host.map(quoted)]
}

/** Variables of whoever starts the launcher, as they are. */
function asFound(names: readonly string[]): string {
  return names.map((name) => `"${name}=$${name}"`).join(' ')
}

/** The same for Windows, whose command interpreter cannot empty an environment: what Node listens to is cleared by name. */
export function windowsLauncher(parts: LauncherParts): string {
  const cleared = [
    'NODE_OPTIONS',
    'NODE_EXTRA_CA_CERTS',
    'NODE_PATH',
    'NODE_TLS_REJECT_UNAUTHORIZED',
    'SSLKEYLOGFILE',
  ]
  const proxies = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY', 'NODE_USE_ENV_PROXY', 'NODE_DEBUG']
  const command = [parts.node, ...nodeFlags(parts), parts.program.main, '--home', parts.vault]
  return [
    '@echo off',
    'setlocal',
    ...[...cleared, ...proxies].map((name) => `set "${name}="`),
    `if not exist "${parts.vault}" mkdir "${parts.vault}"`,
    `if exist ${forCommand(win32.join(parts.vault, OPEN_AT_START))} (`,
    `  set ${forCommand(`VALETKEY_HOME=${parts.vault}`)}`,
    `  ${[parts.node, parts.program.command].map(forCommand).join(' ')} unlock --stored <nul >nul 2>nul`,
    ')',
    `${command.map(forCommand).join(' ')} --launcher "%~f0" %*`,
    '',
  ].join('\r\n')
}

/** Quoted for a `.cmd` file, where `%` begins a variable. */
function forCommand(part: string): string {
  return `"${part.replaceAll('%', '%%')}"`
}

function nodeFlags(parts: LauncherParts): string[] {
  return [
    // SECURITY: without it a signal from any program of the user opens the inspector.
    '--disable-sigusr1',
    '--permission',
    '--allow-net',
    `--allow-fs-read=${parts.program.folder}`,
    `--allow-fs-read=${parts.vault}`,
    `--allow-fs-write=${parts.vault}`,
    // SECURITY: to read, by their whole names, and never to write: whoever can change them decides what the browser starts.
    ...(parts.registrations ?? []).map((file) => `--allow-fs-read=${file}`),
    '--disable-warning=ExperimentalWarning',
    '--disable-warning=SecurityWarning',
    ...ENGINE_FLAGS,
  ]
}

function posixFlags(parts: LauncherParts): string[] {
  if (process.platform !== 'linux') return nodeFlags(parts)
  // SECURITY: these two files and nothing beside them: from them it is told who else reaches a local server.
  return [...nodeFlags(parts), ...SOCKET_TABLES.map((path) => `--allow-fs-read=${path}`)]
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
