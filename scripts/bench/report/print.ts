import type { Line } from './line.ts'
import type { Machine } from './machine.ts'
import { machineWords } from './machine.ts'
import { type Cells, cellsOf, HEADS } from './words.ts'

/** Print lines in columns. */
export function printLines(lines: readonly Line[]): void {
  const rows = [HEADS, ...tableOf(lines)]
  const widths = HEADS.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  for (const row of rows)
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
}

/** Print them as the table of a Markdown page, under the machine they were measured on. */
export function printMarkdown(machine: Machine, lines: readonly Line[]): void {
  const row = (cells: Cells) => `| ${cells.join(' | ')} |`
  console.log(`${machineWords(machine)}\n`)
  console.log([row(HEADS), `|${'---|'.repeat(HEADS.length)}`, ...tableOf(lines).map(row)].join('\n'))
}

/** Say at the end what was not reached. */
export function printMissed(lines: readonly Line[]): void {
  const held = lines.filter(({ met }) => met !== null)
  const missed = held.filter(({ met }) => met === false)
  console.log(`\n${held.length - missed.length} of ${held.length} targets met.`)
  for (const line of missed) {
    const [title, ours, , ratio, target] = cellsOf(line)
    console.log(`MISSED  ${title}: ${ratio === '' ? ours : ratio}, wanted ${target}`)
  }
}

/** What stands in the line above already is not said again. */
function tableOf(lines: readonly Line[]): Cells[] {
  return lines.map((line, at) => {
    const [title, ours, ...rest] = cellsOf(line)
    return lines[at - 1]?.row === line.row ? ['', '', ...rest] : [title, ours, ...rest]
  })
}
