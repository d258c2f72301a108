import { CommanderError } from 'commander'
import { REASONS, type Reason } from '../policy/reason.ts'
import { Problem } from '../problem.ts'
import { FAULTS, isFault } from '../references/fault.ts'
import { Refusal } from '../refusal.ts'
import { EXIT, type ExitCode, errorCodeOf, exitCodeOf } from './exit-code.ts'
import { createProgram } from './program.ts'
import { refuseSecretArguments } from './refuse-secret-arguments.ts'
import { printable, Terminal } from './terminal.ts'
import { UsageError } from './usage-error.ts'

/**
 * Run one command line.
 *
 * @param argv without the program's own name.
 * @returns the exit code: 0 done, 1 refused or failed, 2 wrong usage, 3 vault locked or missing, 4 denied by policy.
 */
export async function run(argv: readonly string[]): Promise<ExitCode> {
  const terminal = new Terminal(asksForJson(argv))
  // A reader that has enough (`| head`) is no failure of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? EXIT.done : EXIT.failed)
  })
  // SECURITY: what nobody foresaw is told by its class alone; Node would print its message, its stack and its fields.
  process.on('uncaughtException', (error) => process.exit(report(error, terminal)))
  try {
    refuseSecretArguments(argv)
    await createProgram(terminal).parseAsync([...argv], { from: 'user' })
    return terminal.exitCode
  } catch (error) {
    return report(error, terminal)
  }
}

function asksForJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--')
  return (end === -1 ? argv : argv.slice(0, end)).includes('--json')
}

function report(error: unknown, terminal: Terminal): ExitCode {
  if (error instanceof CommanderError && error.exitCode === 0) return EXIT.done
  const message = messageOf(error)
  if (terminal.json) {
    process.stdout.write(`${JSON.stringify({ error: { code: errorCodeOf(error), message } })}\n`)
  } else {
    process.stderr.write(`valetkey: ${printable(message)}\n`)
  }
  return exitCodeOf(error)
}

function messageOf(error: unknown): string {
  if (error instanceof CommanderError) return commanderMessage(error)
  if (error instanceof UsageError || error instanceof Refusal) return error.message
  if (error instanceof Problem) return problemMessage(error)
  // SECURITY: the text of an unforeseen error may quote what it failed on; its class does not.
  return `unexpected failure (${error instanceof Error ? error.name : typeof error})`
}

function problemMessage({ reason }: Problem): string {
  if (isFault(reason)) return `${FAULTS[reason]} (${reason})`
  const sentence = Object.hasOwn(REASONS, reason) ? REASONS[reason as Reason] : 'The call failed.'
  return `${sentence} (${reason})`
}

// SECURITY: commander quotes an unknown option whole; what follows its `=` may be a secret.
function commanderMessage(error: CommanderError): string {
  if (error.code === 'commander.help') return 'say which command: see `valetkey --help`'
  return error.message.replace(/^error: /, '').replace(/('-{1,2}[^'=]*)=[^']*'/, "$1'")
}
