/**
 * Milliseconds by a clock that is never set and stands still while the machine sleeps: for spans of time within this process.
 *
 * Not `performance.now`, which is the same clock: its name alone has Node load eleven modules, two milliseconds of a start.
 */
export function elapsed(): number {
  return Number(process.hrtime.bigint()) / 1e6
}
