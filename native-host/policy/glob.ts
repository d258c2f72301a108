/**
 * The two matchers behind patterns. Both anchor the first and the last piece and place those between at the leftmost
 * fit, which is enough because a wildcard takes anything: no backtracking, at most length of text times length of pattern.
 */

/**
 * True when `text` is the literals in order with anything between them.
 *
 * @param literals a segment cut at its `*`: one entry for a segment without, `['', '']` for a lone `*`, which wants at least one character.
 */
function textMatches(literals: readonly string[], text: string): boolean {
  const first = literals[0] ?? ''
  if (literals.length < 2) return text === first
  const last = literals.at(-1) ?? ''
  const end = text.length - last.length
  if (text === '' || end < first.length || !text.startsWith(first) || !text.endsWith(last)) return false
  let at = first.length
  for (const literal of literals.slice(1, -1)) {
    const found = text.indexOf(literal, at)
    if (found === -1 || found + literal.length > end) return false
    at = found + literal.length
  }
  return true
}

/**
 * True when `path` is the runs in order with any number of segments between them.
 *
 * @param runs a pattern's segments cut at its `**`; each segment as `textMatches` wants it.
 */
export function pathMatches(
  runs: readonly (readonly (readonly string[])[])[],
  path: readonly string[],
): boolean {
  const first = runs[0] ?? []
  if (runs.length < 2) return path.length === first.length && runFits(first, path, 0)
  const last = runs.at(-1) ?? []
  const end = path.length - last.length
  if (end < first.length || !runFits(first, path, 0) || !runFits(last, path, end)) return false
  let at = first.length
  for (const run of runs.slice(1, -1)) {
    while (at + run.length <= end && !runFits(run, path, at)) at++
    if (at + run.length > end) return false
    at += run.length
  }
  return true
}

function runFits(run: readonly (readonly string[])[], path: readonly string[], at: number): boolean {
  return run.every((literals, index) => textMatches(literals, path[at + index] ?? ''))
}
