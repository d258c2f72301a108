import type { HostProgram } from './host-program.ts'

/** Everything a launcher holds: all of it absolute, because a browser has neither a shell's PATH nor its folder. */
export interface LauncherParts {
  readonly node: string
  readonly program: HostProgram
  /** The vault's folder. */
  readonly vault: string
  /** The user's home directory. */
  readonly home: string
}

/**
 * The program a browser starts, for a POSIX shell. It empties the environment (NODE_OPTIONS, proxies, preloads of the
 * browser's own), forbids core dumps, and becomes the host under Node's permission model: no child processes, no
 * workers, no addons, no files but its own and the vault's.
 */
export function shellLauncher(parts: LauncherParts): string {
  const environment = [`HOME=${parts.home}`, 'LANG=C.UTF-8']
  const command = [...environment, parts.node, ...nodeFlags(parts), parts.program.main, '--home', parts.vault]
  return `#!/bin/sh
# Starts the Valet Key host. Written by \`valetkey install\`, removed by \`valetkey uninstall\`.
ulimit -c 0
umask 077
[ -d ${quoted(parts.vault)} ] || /bin/mkdir -p -m 0700 ${quoted(parts.vault)}
exec /usr/bin/env -i \\
  ${command.map(quoted).join(' \\\n  ')} \\
  "$@"
`
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
    `${command.map((part) => `"${part.replaceAll('%', '%%')}"`).join(' ')} %*`,
    '',
  ].join('\r\n')
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
    '--disable-warning=ExperimentalWarning',
    '--disable-warning=SecurityWarning',
  ]
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
