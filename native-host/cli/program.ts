import { Command } from 'commander'
import { VERSION } from '../version.ts'
import { registerApproval } from './approval.ts'
import { registerAudit } from './audit.ts'
import { registerAutoLock } from './auto-lock.ts'
import { registerBackup } from './backup.ts'
import { registerBudget } from './budget.ts'
import { registerCall } from './call.ts'
import { registerCapability } from './capability.ts'
import { registerDoctor } from './doctor.ts'
import { registerExplain } from './explain.ts'
import { registerGrant } from './grant.ts'
import { registerHolder } from './holder.ts'
import { registerImport } from './import.ts'
import { registerInstall } from './install.ts'
import { registerPause } from './pause.ts'
import { registerPlayground } from './playground.ts'
import { registerService } from './service.ts'
import { registerSession } from './session.ts'
import { registerSlot } from './slot.ts'
import type { Terminal } from './terminal.ts'
import { registerReplay } from './tighten.ts'
import { registerVault } from './vault.ts'

/** Every command there is, each noun in a file of its own. */
export function createProgram(terminal: Terminal): Command {
  const program = new Command('valetkey')
    .description('Keys for web pages that never hold them: the owner’s command')
    .version(VERSION)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.answer({ text: text.trimEnd() }, text.trimEnd()),
      // Failures are reported once, by `run`.
      writeErr: () => {},
    })
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 vault locked or missing, 4 denied.',
    )
  registerVault(program, terminal)
  registerAutoLock(program, terminal)
  registerPause(program, terminal)
  registerSlot(program, terminal)
  registerService(program, terminal)
  registerCapability(program, terminal)
  registerExplain(program, terminal)
  registerCall(program, terminal)
  registerGrant(program, terminal)
  registerSession(program, terminal)
  registerApproval(program, terminal)
  registerAudit(program, terminal)
  registerReplay(program, terminal)
  registerBudget(program, terminal)
  registerBackup(program, terminal)
  registerImport(program, terminal)
  registerPlayground(program, terminal)
  registerInstall(program, terminal)
  registerDoctor(program, terminal)
  registerHolder(program)
  offerJson(program)
  return program
}

function offerJson(command: Command): void {
  command.option('--json', 'answer with one JSON value on stdout and nothing else')
  for (const each of command.commands) offerJson(each)
}
