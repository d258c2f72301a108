import { say } from '../../shared/model/said.ts'
import { Refusal } from '../refusal.ts'

/** A variable of a `.env` file. */
export interface Variable {
  readonly name: string
  readonly value: string
  /** True where the value points to other variables or to a command, which nobody resolves here. */
  readonly refers: boolean
}

/** Name and what follows the equals sign, at the beginning of what is left. */
const ASSIGNMENT = /^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.-]*)[ \t]*=[ \t]*/
const BLANK = /^[ \t]*(?:#[^\n]*)?(?:\n|$)/
/** A quoted value, over lines, and what may follow it. */
const SINGLE = /^'([^']*)'[ \t]*(?:#[^\n]*)?(?:\n|$)/
const BACKTICK = /^`([^`]*)`[ \t]*(?:#[^\n]*)?(?:\n|$)/
const DOUBLE = /^"((?:[^"\\]|\\[\s\S])*)"[ \t]*(?:#[^\n]*)?(?:\n|$)/

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }

/**
 * The variables of a `.env` file, as the usual loaders read it: `export`, three kinds of quotes, values over several lines,
 * comments. Where a name stands there twice, the last one holds. Nothing is expanded.
 *
 * @throws Refusal `invalid` with the line of what cannot be read; the line itself is not repeated.
 */
export function readEnvFile(text: string): Variable[] {
  const source = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n')
  const found = new Map<string, Variable>()
  let at = 0
  while (at < source.length) {
    const rest = source.slice(at)
    const blank = BLANK.exec(rest)
    const name = blank === null ? ASSIGNMENT.exec(rest) : null
    if (blank === null && name === null) throw unreadable(source, at)
    if (blank !== null || name === null) {
      at += Math.max(blank?.[0].length ?? 0, 1)
      continue
    }
    const { value, refers, length } = readValue(rest.slice(name[0].length), source, at)
    const key = name[1] ?? ''
    found.delete(key)
    found.set(key, { name: key, value, refers })
    at += name[0].length + length
  }
  return [...found.values()]
}

function readValue(rest: string, source: string, at: number) {
  const raw = SINGLE.exec(rest) ?? BACKTICK.exec(rest)
  if (raw !== null) return { value: raw[1] ?? '', refers: false, length: raw[0].length }
  const double = DOUBLE.exec(rest)
  if (double !== null) {
    const quoted = double[1] ?? ''
    return { value: unescaped(quoted), refers: refersElsewhere(quoted), length: double[0].length }
  }
  if (/^['"`]/.test(rest)) throw unreadable(source, at)
  const line = rest.slice(0, (rest.indexOf('\n') + 1 || rest.length + 1) - 1)
  const value = (line.startsWith('#') ? '' : (line.split(/[ \t]#/, 1)[0] ?? '')).trim()
  return { value, refers: refersElsewhere(value), length: line.length + 1 }
}

function unescaped(text: string): string {
  return text.replace(/\\([\s\S])/g, (_, character: string) => ESCAPES[character] ?? character)
}

/** `$NAME`, `${…}` or `$(…)` without a backslash before it. */
function refersElsewhere(text: string): boolean {
  return /(?<!\\)\$(?:[A-Za-z_({])/.test(text)
}

// SECURITY: the line may hold half a key: it is told by its number.
function unreadable(source: string, at: number): Refusal {
  const line = source.slice(0, at).split('\n').length
  return new Refusal(
    'invalid',
    say`line ${line} of the file cannot be read: it is neither \`NAME=value\` nor a comment`,
  )
}
