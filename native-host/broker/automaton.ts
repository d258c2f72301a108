import type { Reflection } from './reflections.ts'
import type { Spellings } from './spellings.ts'

/** Nothing of the secret has been seen. */
export const ROOT = 0
/** A match that began at the byte just read. */
export const NEW = -1
/** No match ended at the byte just read. */
export const NONE = -2

/** What a step does to the beginnings that the redactor keeps. */
const KEEP = 0
/** The first groups stay as they are and one that begins at this byte follows. */
export const BEGIN = 1
/** See {@link Automaton.moveAt}. */
export const MOVE = 2

/** How the groups of one state follow from those of the state before. */
export interface Move {
  /** For each group its index before, ascending, or {@link NEW}. */
  readonly from: readonly number[]
  /** The earliest group that is a whole match now, or {@link NONE}. */
  readonly matched: number
}

/** Unfinished matches that began at the same byte, as `unit * NODES + node`. */
type Group = readonly number[]

/** More than any trie has nodes. */
const NODES = 1 << 16
const FIRST_STATES = 16
/** 4 MiB of table: text needs a few hundred states; more come only of input made to make them. */
const MOST_STATES = 4096

/**
 * All reflections side by side as one deterministic automaton over bytes, built state by state as input needs them
 * (subset construction, with the unfinished matches of a state in the order of their beginnings, so that the
 * beginning of the earliest is known without looking back).
 */
export class Automaton {
  /** Per state and byte: 0 not built yet, else 1 + (state << 2 | KEEP, BEGIN or MOVE). Replaced when it grows. */
  table: Int32Array = new Int32Array(FIRST_STATES << 8)
  /** Number of groups per state. */
  readonly sizes: number[] = []
  readonly #states: (readonly Group[])[] = []
  readonly #ids = new Map<string, number>()
  readonly #moves = new Map<number, Move>()
  readonly #reflections: readonly Reflection[]
  readonly #units: readonly Spellings[]
  readonly #firsts: readonly number[]
  readonly #lasts: ReadonlySet<number>

  constructor(reflections: readonly Reflection[]) {
    this.#reflections = reflections
    this.#units = reflections.flat()
    const ends = reflections.map((_, index) =>
      reflections.slice(0, index + 1).reduce((sum, { length }) => sum + length, 0),
    )
    this.#firsts = [0, ...ends.slice(0, -1)].slice(0, reflections.length)
    this.#lasts = new Set(ends.map((end) => end - 1))
    this.#intern([])
  }

  /** The entry of the table for a state and a byte, built now. */
  build(state: number, byte: number): number {
    const { groups, from, matched } = this.#step(this.#states[state] ?? [], byte)
    const target = this.#intern(groups)
    const kind = kindOf(from, matched)
    if (kind === MOVE) this.#moves.set((state << 8) | byte, { from, matched })
    const entry = ((target << 2) | kind) + 1
    this.table[(state << 8) | byte] = entry
    return entry
  }

  /** What a {@link MOVE} entry does. */
  moveAt(state: number, byte: number): Move {
    return this.#moves.get((state << 8) | byte) ?? { from: [], matched: NONE }
  }

  /** This automaton, or a fresh one where its table is full; `state` is given the number it has there. */
  renewed(state: number): { automaton: Automaton; state: number } {
    if (this.#states.length < MOST_STATES) return { automaton: this, state }
    const automaton = new Automaton(this.#reflections)
    return { automaton, state: automaton.#intern(this.#states[state] ?? []) }
  }

  #step(groups: readonly Group[], byte: number) {
    const seen = new Set<number>()
    const next: Group[] = []
    const from: number[] = []
    let matched = NONE
    const advance = (group: Group, index: number) => {
      const { alive, whole } = this.#advanced(group, byte, seen)
      if (whole && matched === NONE) matched = index
      if (alive.length > 0) from.push(index)
      if (alive.length > 0) next.push(alive)
    }
    groups.forEach(advance)
    advance(
      this.#firsts.map((unit) => unit * NODES),
      NEW,
    )
    return { groups: next, from, matched }
  }

  /** Unfinished matches after one more byte. What an earlier group already holds is dropped: it began sooner. */
  #advanced(group: Group, byte: number, seen: Set<number>): { alive: number[]; whole: boolean } {
    const alive: number[] = []
    let whole = false
    const keep = (code: number) => {
      if (!seen.has(code)) alive.push(code)
      seen.add(code)
    }
    for (const code of group) {
      const unit = Math.floor(code / NODES)
      const node = this.#units[unit]?.[code % NODES]?.next.get(byte)
      if (node === undefined) continue
      if (node.ends && this.#lasts.has(unit)) whole = true
      else if (node.ends) keep((unit + 1) * NODES)
      if (node.next.size > 0) keep(unit * NODES + node.id)
    }
    return { alive, whole }
  }

  #intern(groups: readonly Group[]): number {
    const key = groups.map((group) => group.join()).join('|')
    const known = this.#ids.get(key)
    if (known !== undefined) return known
    const id = this.#states.length
    this.#states.push(groups)
    this.sizes.push(groups.length)
    this.#ids.set(key, id)
    if (this.table.length < (id + 1) << 8) {
      const larger = new Int32Array(this.table.length * 2)
      larger.set(this.table)
      this.table = larger
    }
    return id
  }
}

function kindOf(from: readonly number[], matched: number): number {
  const begins = from.at(-1) === NEW
  const kept = begins ? from.length - 1 : from.length
  if (matched !== NONE || from.slice(0, kept).some((index, place) => index !== place)) return MOVE
  return begins ? BEGIN : KEEP
}
