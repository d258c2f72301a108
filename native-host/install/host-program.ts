import { realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The host as a launcher starts it, and the one folder it may read besides the owner's. */
export interface HostProgram {
  readonly main: string
  /** The command itself, for opening a stored slot before the host starts. */
  readonly command: string
  /** Starts the host and stays beside it, where secrets live elsewhere. */
  readonly attendant: string
  readonly folder: string
}

/**
 * The host that belongs to the running command: its neighbour `main.mjs` in the build, `main.ts` in the source tree
 * (which also needs the packages beside it). Paths are absolute and without symbolic links, as the permission model
 * wants them.
 *
 * @param command path of the running command's script.
 */
export function hostProgram(command: string): HostProgram {
  return programOf(realpathSync(command))
}

/** The same for the path a launcher wrote: absolute already, and without links. Reads nothing. */
export function programOf(script: string): HostProgram {
  const here = dirname(script)
  const [end, folder] = script.endsWith('.ts') ? ['ts', dirname(here)] : ['mjs', here]
  return {
    main: join(here, `main.${end}`),
    command: script,
    attendant: join(here, `attendant.${end}`),
    folder,
  }
}
