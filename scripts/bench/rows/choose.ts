import type { BrowserName } from '../../find-browser.ts'
import type { RowGroup } from './row.ts'

/**
 * The groups that are to be measured, with the rows that are to be shown.
 *
 * @param names of kinds, groups or rows; none: all. @throws Error that names what there is not.
 */
export function chooseGroups(
  groups: readonly RowGroup[],
  names: readonly string[],
  browser: BrowserName,
): RowGroup[] {
  for (const name of names) {
    if (!groups.some((group) => isNamed(group, name)))
      throw new Error(`there is no row \`${name}\`: \`npm run bench -- --list\` shows all`)
  }
  const chosen = groups.flatMap((group) => {
    const whole = names.length === 0 || names.includes(group.name) || names.includes(group.kind)
    const rows = whole ? group.rows : group.rows.filter(({ name }) => names.includes(name))
    return rows.length === 0 ? [] : [{ ...group, rows }]
  })
  const here = chosen.filter(({ only = browser }) => only === browser)
  if (here.length === 0) throw new Error(`in ${browser} none of these rows is measured`)
  return here
}

function isNamed({ name, kind, rows }: RowGroup, wanted: string): boolean {
  return name === wanted || kind === wanted || rows.some((row) => row.name === wanted)
}

/** All kinds, groups and rows, a line each, as they may be named. */
export function listGroups(groups: readonly RowGroup[]): string {
  return groups
    .map(
      ({ kind, name, rows }) =>
        `${kind.padEnd(10)} ${name.padEnd(16)} ${rows.map((row) => row.name).join(' ')}`,
    )
    .join('\n')
}
