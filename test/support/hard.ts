import { appendFileSync } from 'node:fs'

/** Set to `1` by `npm run test:hard`: every large run goes to the figure that SECURITY.md promises. */
const isHard = process.env.VALETKEY_HARD === '1'
/** File the counts are appended to, one JSON object a line: `scripts/test.ts` prints them after the run. */
export const DONE_FILE = 'VALETKEY_TEST_DONE'

/**
 * How often a large run is repeated, or on what.
 *
 * @param usual in every run of the tests: a seed of the same thing. @param hard with `npm run test:hard`.
 */
export function times<T>(usual: T, hard: T): T {
  return isHard ? hard : usual
}

/**
 * Say how often something really was done, for the list at the end of the run. To be called with what was counted while
 * it ran, never with what was planned.
 *
 * @param what in words, as in SECURITY.md: `revocations raced against DNS`.
 */
export function done(what: string, count: number): void {
  const file = process.env[DONE_FILE]
  if (file !== undefined) appendFileSync(file, `${JSON.stringify({ what, count })}\n`)
}
