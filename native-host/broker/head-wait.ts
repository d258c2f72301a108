import { Problem } from '../problem.ts'

/**
 * A signal that is aborted when another is, and with Problem `upstream-timeout` where no head has come in time.
 *
 * @param patience ms; null: any time. @returns with it, what says that the head is there.
 */
export function headWait(
  signal: AbortSignal,
  patience: number | null,
): { signal: AbortSignal; arrived: () => void } {
  if (patience === null) return { signal, arrived: () => {} }
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(new Problem('upstream-timeout', 'failover-wait')), patience)
  return { signal: AbortSignal.any([signal, late.signal]), arrived: () => clearTimeout(timer) }
}
