import { runInNewContext } from 'node:vm'
import { say } from '../../shared/model/said.ts'
import { Refusal } from '../refusal.ts'

/**
 * Do work that reads a stranger's text, and give it up when it takes too long: whoever waits for this process waits no longer.
 *
 * @param limitMs milliseconds. @param work synchronous; where it is given up, nothing of it goes on.
 * @throws Refusal `too-large` where it is given up; what `work` throws.
 */
export function inTime<T>(limitMs: number, work: () => T): T {
  const done: T[] = []
  try {
    // The engine's own watch: nothing else ends work that never gives way. No text is run as code but this one.
    runInNewContext('work()', { work: () => void done.push(work()) }, { timeout: limitMs })
  } catch (error) {
    if (isTimeout(error))
      throw new Refusal(
        'too-large',
        say`the document takes longer than ${limitMs / 1000} s to read: \`valetkey import FILE\` has more time`,
      )
    throw error
  }
  return done[0] as T
}

/** It comes from another realm, so it is no `Error` of this one. */
function isTimeout(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  )
}
