/** Rows as aligned columns, two spaces apart. @returns one line a row; empty for no rows. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = []
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, cell.length)
    })
  }
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
  return rows.map(line).join('\n')
}

/** A moment as a person reads it, in their own time zone: `2026-11-21 09:15:00`. */
export function moment(milliseconds: number): string {
  const date = new Date(milliseconds)
  const part = (value: number) => String(value).padStart(2, '0')
  const day = `${date.getFullYear()}-${part(date.getMonth() + 1)}-${part(date.getDate())}`
  return `${day} ${part(date.getHours())}:${part(date.getMinutes())}:${part(date.getSeconds())}`
}
