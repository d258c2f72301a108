import { CommanderError } from 'commander'
import { Problem } from '../problem.ts'
import { Refusal } from '../refusal.ts'
import { UsageError } from './usage-error.ts'

/** What the command ends with. Fixed, so that scripts can rely on it. */
export const EXIT = { done: 0, failed: 1, usage: 2, locked: 3, denied: 4 } as const
/** One of the numbers of {@link EXIT}. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** The exit code of a failure. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof UsageError || error instanceof CommanderError) return EXIT.usage
  if (error instanceof Refusal) {
    return error.code === 'vault-locked' || error.code === 'vault-missing' ? EXIT.locked : EXIT.failed
  }
  if (error instanceof Problem) return problemExit(error.code)
  return EXIT.failed
}

/** The code a failure has under `--json`: `usage`, one of the refusals, one of the problems, or `internal`. */
export function errorCodeOf(error: unknown): string {
  if (error instanceof UsageError || error instanceof CommanderError) return 'usage'
  if (error instanceof Refusal || error instanceof Problem) return error.code
  return 'internal'
}

function problemExit(code: Problem['code']): ExitCode {
  switch (code) {
    case 'denied':
    case 'approval-denied':
    case 'malformed':
    case 'rate-limited':
    case 'budget-spent':
      return EXIT.denied
    case 'vault-locked':
      return EXIT.locked
    default:
      return EXIT.failed
  }
}
