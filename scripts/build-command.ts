import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { quoteForShell } from './quote-for-shell.ts'

/**
 * The `valetkey` command: it finds the folder it really lives in, also when called through a symbolic link, and runs the
 * Node that built it by absolute path, whatever `node` the shell has.
 */
function shellScript(node: string): string {
  return `#!/bin/sh
# The valetkey command. Runs on the Node it was built with.
self=$0
while [ -L "$self" ]; do
  target=$(readlink "$self")
  case $target in
    /*) self=$target ;;
    *) self=$(dirname "$self")/$target ;;
  esac
done
here=$(CDPATH= cd -- "$(dirname -- "$self")" && pwd -P) || exit 1
exec ${quoteForShell(node)} --disable-warning=ExperimentalWarning "$here/host/cli.mjs" "$@"
`
}

function windowsScript(node: string): string {
  return `@echo off\r\n"${node}" --disable-warning=ExperimentalWarning "%~dp0host\\cli.mjs" %*\r\n`
}

/** Write the command into `folder` beside `host/`: `valetkey`, or `valetkey.cmd` on Windows. */
export async function writeCommand(folder: string, node: string): Promise<void> {
  if (process.platform === 'win32') {
    await writeFile(join(folder, 'valetkey.cmd'), windowsScript(node))
    return
  }
  const file = join(folder, 'valetkey')
  await writeFile(file, shellScript(node))
  await chmod(file, 0o755)
}
