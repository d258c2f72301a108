import type { Finding } from '../../shared/model/finding.ts'

export type { Finding } from '../../shared/model/finding.ts'

/** All is well. */
export function good(check: string, message: string): Finding {
  return { check, state: 'ok', message, mend: null }
}

/** For the owner to know, with the command that changes it. */
export function notable(check: string, message: string, mend: string | null): Finding {
  return { check, state: 'warn', message, mend }
}

/** Something does not work, with the command that mends it. */
export function broken(check: string, message: string, mend: string): Finding {
  return { check, state: 'fail', message, mend }
}
