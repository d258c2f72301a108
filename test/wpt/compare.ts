import type { KeptResults, PageResult, Showing } from './kept-results.ts'
import type { Mode } from './modes.ts'
import type { SuitePage } from './tests-of.ts'

/** A test whose result in a mode was never one that it has natively. */
export interface Difference {
  readonly mode: Mode
  readonly path: string
  /** Of the test; `page` for the page as a whole. */
  readonly name: string
  readonly natively: string
  readonly found: string
  /** What was said with it, empty where nothing was. */
  readonly message: string
}

/** What a mode's showings came to. */
export interface Comparison {
  readonly pages: number
  readonly tests: number
  readonly passed: number
  readonly differences: Difference[]
}

/** Compare a mode with `native`, over every showing of each: what varies natively is no difference. */
export function compare(kept: KeptResults, mode: Mode, pages: readonly SuitePage[]): Comparison {
  const shown = pages.filter(({ path }) => kept.of(mode, path).length > 0)
  const last = shown.map(({ path }) => kept.of(mode, path).at(-1)?.result ?? {})
  const results = last.flatMap((result) => Object.entries(result).filter(([name]) => name !== 'page'))
  return {
    pages: shown.length,
    tests: results.length,
    passed: results.filter(([, status]) => status === 'PASS').length,
    differences: shown.flatMap(({ path }) => differencesOf(kept, mode, path)),
  }
}

/** What differs on one page; nothing where it was not shown in both modes. */
export function differencesOf(kept: KeptResults, mode: Mode, path: string): Difference[] {
  const [native, other] = [kept.of('native', path), kept.of(mode, path)]
  if (mode === 'native' || native.length === 0 || other.length === 0) return []
  const names = new Set([...native, ...other].flatMap(({ result }) => Object.keys(result)))
  return [...names].flatMap((name) => {
    const [before, after] = [statuses(native, name), statuses(other, name)]
    if (after.some((status) => before.includes(status))) return []
    const message = [...other, ...native].find(({ messages }) => messages[name])?.messages[name] ?? ''
    return [{ mode, path, name, natively: before.join('|'), found: after.join('|'), message }]
  })
}

const statuses = (showings: readonly Showing[], name: string): string[] => [
  ...new Set(showings.map(({ result }: { result: PageResult }) => result[name] ?? 'ABSENT')),
]
