/** Systems whose commands are written differently. */
export type System = 'windows' | 'other'

/** Which of them this browser runs on. */
export function systemOf(userAgent: string): System {
  return /Windows/i.test(userAgent) ? 'windows' : 'other'
}

/** What is done from a terminal. */
export type HostMend =
  | 'install'
  | 'allow'
  | 'update'
  | 'doctor'
  | 'accept-rollback'
  | 'backup'
  | 'add-keychain'
  | 'add-key-file'
  | 'playground'

/**
 * The exact command for it, to be run in the folder of Valet Key.
 *
 * @param extensionId our own id, for the host's list of extensions it answers.
 */
export function hostCommand(mend: HostMend, system: System, extensionId: string): string {
  const command = programOf(system)
  const join = system === 'windows' ? ' & ' : ' && '
  if (mend === 'install') return `${command} install`
  if (mend === 'allow') return `${command} install --extension-id ${extensionId}`
  if (mend === 'update') return ['npm install', 'npm run build', `${command} install`].join(join)
  if (mend === 'accept-rollback') return `${command} audit accept-rollback`
  if (mend === 'backup') return `${command} backup valetkey-backup`
  if (mend === 'add-keychain') return `${command} slot add --keychain`
  if (mend === 'add-key-file') return `${command} slot add --key-file PATH`
  if (mend === 'playground') return `${command} playground`
  return `${command} doctor`
}

/** A command of the host's, which calls itself by name, as it is typed in the folder of Valet Key. Others stay as they are. */
export function asTyped(command: string, system: System): string {
  return command.replace(/(^|&& )valetkey /g, `$1${programOf(system)} `)
}

function programOf(system: System): string {
  return system === 'windows' ? 'dist\\valetkey.cmd' : './dist/valetkey'
}
