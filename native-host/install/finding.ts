/** One thing `doctor` looked at. */
export interface Finding {
  /** What was looked at: `node`, `host`, `home`, `database`, `vault`, `holder`, `browser:chrome`, … */
  check: string
  /** `fail` keeps something from working; `warn` is for the owner to know. */
  state: 'ok' | 'warn' | 'fail'
  message: string
  /** The one command that mends it; null where there is nothing to mend. */
  mend: string | null
}

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
