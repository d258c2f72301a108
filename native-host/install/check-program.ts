import { existsSync } from 'node:fs'
import { say } from '../../shared/model/said.ts'
import { broken, type Finding, good } from './finding.ts'
import { hostProgram } from './host-program.ts'

/** The least Node that has everything the host uses (`engines` in `package.json`). */
const NODE_MAJOR = 26
const NODE_MINOR = 10

/** Whether the Node that runs this is one the host can run on. */
export function checkRunningNode(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const version = `Node ${process.versions.node}`
  if (major === NODE_MAJOR && minor >= NODE_MINOR) return good('node', version)
  return broken(
    'node',
    say`${version}, but the host needs ${NODE_MAJOR}.${NODE_MINOR} or a later ${NODE_MAJOR}`,
    'npm ci',
  )
}

/** Whether the host that belongs to the running command is built. @param command path of the command's script. */
export function checkProgram(command: string): Finding {
  const { main } = hostProgram(command)
  return existsSync(main)
    ? good('host', say`the host is \`${main}\``)
    : broken('host', say`the host \`${main}\` is not built`, 'npm run build')
}
