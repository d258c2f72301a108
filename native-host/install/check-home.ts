import { lstatSync } from 'node:fs'
import { say } from '../../shared/model/said.ts'
import { databaseFile } from '../store/database-file.ts'
import { broken, type Finding, good, mendable, notable } from './finding.ts'

/** Modes and owner of the vault's folder and database, looked at before anything repairs them. */
export function checkHome(vault: string): Finding {
  if (process.platform === 'win32') return good('home', say`the vault's folder is \`${vault}\``)
  const folder = lstatSync(vault, { throwIfNoEntry: false })
  if (folder === undefined) return notable('home', say`there is no folder \`${vault}\` yet`, 'valetkey init')
  if (folder.isSymbolicLink()) return broken('home', say`\`${vault}\` is a symbolic link`, `rm ${vault}`)
  if (!folder.isDirectory())
    return broken('home', say`\`${vault}\` is not a folder`, `mv ${vault} ${vault}.old`)
  const user = process.geteuid?.()
  if (folder.uid !== user)
    return broken('home', say`\`${vault}\` belongs to another user`, `chown -R $USER ${vault}`)
  if ((folder.mode & 0o077) !== 0)
    return mendable(
      broken('home', say`others may look into \`${vault}\``, `chmod 700 ${vault}`),
      'file-modes',
    )
  const file = databaseFile(vault)
  const database = lstatSync(file, { throwIfNoEntry: false })
  if (database !== undefined && (database.mode & 0o077) !== 0) {
    return mendable(broken('home', say`others may read \`${file}\``, `chmod 600 ${file}`), 'file-modes')
  }
  return good('home', say`only this user can enter \`${vault}\``)
}
