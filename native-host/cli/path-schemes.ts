import type { PathAuth } from '../../shared/model/service.ts'
import { schemeFrom } from './scheme-names.ts'
import { UsageError } from './usage-error.ts'

/** Where a scheme is for every path. */
const EVERYWHERE = '* /**'

interface Group {
  path: string | null
  settings: Map<string, string>
}

/**
 * The schemes of a service from its repeated `--auth` and `--set NAME=VALUE`, in the order they were typed.
 *
 * `--set path=PATTERN` begins the scheme for some paths; names before the first `path` belong to a scheme for all
 * other paths. One `--auth` goes with each scheme, in order; a single one goes with all of them.
 *
 * @throws UsageError.
 */
export function pathSchemes(kinds: readonly string[], sets: readonly string[]): PathAuth[] {
  const [first, ...rest] = kinds
  if (first === undefined)
    throw new UsageError('say how the service takes its key: `--auth bearer`, `--auth header`, …')
  const groups = groupsOf(sets, kinds.length)
  if (rest.length > 0 && kinds.length !== groups.length) {
    throw new UsageError(
      `there are ${kinds.length} \`--auth\` for ${groups.length} schemes: give one for each, in order`,
    )
  }
  const schemes = groups.map((group, index) => ({
    paths: [group.path ?? EVERYWHERE],
    auth: schemeFrom(kinds[index] ?? first, group.settings),
  }))
  // The first entry with a matching pattern is used, so the one for everything else comes last.
  return groups[0]?.path === null && schemes.length > 1
    ? [...schemes.slice(1), ...schemes.slice(0, 1)]
    : schemes
}

function groupsOf(sets: readonly string[], kinds: number): Group[] {
  const rest: Group = { path: null, settings: new Map() }
  const groups: Group[] = []
  for (const set of sets) {
    const [name, value] = pairOf(set)
    if (name === 'path') {
      groups.push({ path: patternOf(value), settings: new Map() })
      continue
    }
    const { settings } = groups.at(-1) ?? rest
    if (settings.has(name)) throw new UsageError(`\`--set ${name}\` is given twice for the same scheme`)
    settings.set(name, value)
  }
  const hasRest = groups.length === 0 || rest.settings.size > 0 || kinds === groups.length + 1
  return hasRest ? [rest, ...groups] : groups
}

function pairOf(set: string): [name: string, value: string] {
  const at = set.indexOf('=')
  if (at < 1) throw new UsageError('`--set` takes NAME=VALUE')
  return [set.slice(0, at), set.slice(at + 1)]
}

function patternOf(path: string): string {
  return path.startsWith('/') ? `* ${path}` : path
}
