import { AT_ONCE } from './at-once.ts'
import { LARGE_BODIES } from './bodies.ts'
import { GROWTH } from './growth.ts'
import { HOST_COST } from './host-cost.ts'
import { MEMORY } from './memory.ts'
import { PAGE_LOAD } from './page-load.ts'
import { PASS_THROUGH } from './pass-through.ts'
import { REDACTION } from './redaction.ts'
import { REVOKE } from './revoke.ts'
import type { RowGroup } from './row.ts'
import { SMALL_CALLS } from './small-calls.ts'
import { STARTS } from './starts.ts'
import { STREAMS } from './streams.ts'
import { WAKE } from './wake.ts'

/** Everything that `npm run bench` measures, in the order of its table. */
export const GROUPS: readonly RowGroup[] = [
  ...SMALL_CALLS,
  ...AT_ONCE,
  ...STREAMS,
  ...LARGE_BODIES,
  ...HOST_COST,
  ...REDACTION,
  ...STARTS,
  ...WAKE,
  ...MEMORY,
  ...PASS_THROUGH,
  ...PAGE_LOAD,
  ...REVOKE,
  ...GROWTH,
]
