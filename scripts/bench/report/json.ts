import { writeFile } from 'node:fs/promises'
import type { Line } from './line.ts'
import type { Machine } from './machine.ts'

/**
 * What `--json FILE` writes. `lines` are those of the printed table; figures are in the line's `unit`, ratios ours ÷ theirs;
 * `low` and `high` are the quarters between which the turns lay. What could not be measured is null.
 */
export interface JsonReport {
  /** Raised when the meaning of something in it changes. */
  readonly version: 1
  /** ISO 8601. */
  readonly measuredAt: string
  readonly machine: Machine
  readonly lines: readonly Line[]
}

/** Write it. */
export async function writeReport(file: string, machine: Machine, lines: readonly Line[]): Promise<void> {
  const report: JsonReport = { version: 1, measuredAt: new Date().toISOString(), machine, lines }
  await writeFile(file, `${JSON.stringify(report, null, 2)}\n`)
}
