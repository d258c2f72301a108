import type { MendKind } from './mend-kind.ts'
import type { Said } from './said.ts'

/** One thing `doctor` looked at. */
export interface Finding {
  /** What was looked at: `node`, `host`, `home`, `database`, `vault`, `holder`, `browser:chrome`, … */
  check: string
  /** `fail` keeps something from working; `warn` is for the owner to know. */
  state: 'ok' | 'warn' | 'fail'
  /** In English. */
  message: string
  /** The same with its values apart. Absent: it has none, or it is for the command line alone. */
  said?: Said
  /** The one command that mends it; null where there is nothing to mend. */
  mend: string | null
  /** What to order with `doctor-mend` instead, which needs an open vault. Absent: the host itself cannot mend it. */
  mends?: MendKind
}
