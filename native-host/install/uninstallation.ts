import { basename } from 'node:path'
import { HOST_NAME } from '../../shared/protocol/limits.ts'
import { removeKey } from './registry.ts'
import { readTraces, type Traces, takeBack, takeBackFolders, writeTraces } from './traces.ts'

/** What became of one thing that an installation left. */
export interface UninstallLine {
  path: string
  outcome: 'removed' | 'gone' | 'changed' | 'failed'
}

/**
 * Take back exactly what `install` wrote from this vault's folder: files that are still as they were written, folders
 * it made that are empty now, registry keys. What somebody changed since is left and named.
 */
export function uninstall(vault: string): UninstallLine[] {
  const traces = readTraces(vault)
  const lines = [...filesBack(traces), ...keysBack(traces)]
  // The traces go before the folders, because the vault's folder may be one of them.
  writeTraces(vault, { files: traces.files, folders: [], registryKeys: traces.registryKeys })
  takeBackFolders(traces)
  return lines
}

function filesBack(traces: Traces): UninstallLine[] {
  return Object.keys(traces.files).map((path) => {
    // SECURITY: the list of traces lies where the host may write; it must not become a way to remove other files.
    if (!basename(path).startsWith(`${HOST_NAME}.`)) return { path, outcome: 'failed' }
    try {
      return { path, outcome: takeBack(traces, path) }
    } catch {
      return { path, outcome: 'failed' }
    }
  })
}

function keysBack(traces: Traces): UninstallLine[] {
  const keys = traces.registryKeys
  traces.registryKeys = []
  return keys.map((key) => {
    if (!key.endsWith(`\\${HOST_NAME}`)) return { path: key, outcome: 'failed' }
    return { path: key, outcome: removeKey(key) ? 'removed' : 'gone' }
  })
}
