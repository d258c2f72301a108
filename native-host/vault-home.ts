import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'

/**
 * The data directory: what was named, else `VALETKEY_HOME`, else the platform's own place for a user's application data
 * (XDG Base Directory Specification; Apple's File System Programming Guide; Windows known folder LocalAppData).
 */
export function vaultHome(named?: string): string {
  const chosen = named ?? process.env.VALETKEY_HOME
  if (chosen !== undefined && chosen !== '') return resolve(chosen)
  return join(platformFolder(), 'valetkey')
}

function platformFolder(): string {
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support')
  if (process.platform === 'win32') return process.env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local')
  const xdg = process.env.XDG_DATA_HOME
  // The specification: a relative path here is invalid and is ignored.
  return xdg !== undefined && isAbsolute(xdg) ? xdg : join(homedir(), '.local', 'share')
}
