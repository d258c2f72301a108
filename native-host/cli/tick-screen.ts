import type { DescribedOperation, OperationMark } from '../../shared/model/described-operation.ts'
import {
  groupState,
  searchedGroups,
  suggestedTicks,
  type Ticked,
  type TickGroup,
  type TickState,
  tickGroups,
  withTicks,
} from '../../shared/model/operation-ticks.ts'
import { readingText } from '../import/reading-text.ts'
import { printable } from './terminal.ts'

/** What a person does at the list. */
export type TickKey =
  | { kind: 'move'; by: number }
  | { kind: 'toggle' | 'reading' | 'none' | 'search' | 'done' | 'leave' | 'erase' }
  | { kind: 'text'; text: string }

/** The list as it stands. */
export interface TickScreen {
  readonly operations: readonly DescribedOperation[]
  readonly groups: readonly TickGroup[]
  readonly ticked: ReadonlySet<number>
  /** Line that the person is at, of those that are found. */
  readonly at: number
  readonly search: string
  /** True while what is typed is searched for. */
  readonly isSearching: boolean
}

/** A line: a tag with what it holds, or one of its operations. */
type Line = { group: TickGroup; one: null } | { group: TickGroup; one: Ticked }

const MARKS: Record<OperationMark, string> = {
  mints: 'HANDS OUT KEYS',
  deletes: 'DELETES',
  spends: 'MAY COST MONEY',
  writes: 'changes something',
}
const BOXES: Record<TickState, string> = { none: '[ ]', some: '[-]', all: '[x]' }
/** Lines above and below the list. */
const AROUND = 2
/** Longest search, characters. */
const LONGEST_SEARCH = 100

/** The list as it begins: what only reads is ticked. */
export function firstScreen(operations: readonly DescribedOperation[]): TickScreen {
  const groups = tickGroups(operations)
  return { operations, groups, ticked: suggestedTicks(operations), at: 0, search: '', isSearching: false }
}

/** The list after a key. `done` and `leave` are the caller's, except while something is searched for. */
export function afterKey(screen: TickScreen, key: TickKey): TickScreen {
  if (screen.isSearching) return whileSearching(screen, key)
  switch (key.kind) {
    case 'move':
      return { ...screen, at: within(screen, screen.at + key.by) }
    case 'toggle':
      return toggled(screen)
    case 'reading':
      return { ...screen, ticked: suggestedTicks(screen.operations) }
    case 'none':
      return { ...screen, ticked: new Set() }
    case 'search':
      return { ...screen, isSearching: true, search: '', at: 0 }
    default:
      return screen
  }
}

/**
 * The list as it is shown.
 *
 * @param size of the terminal, in characters. @returns as many lines as it has, each no longer than it is wide.
 */
export function drawn(screen: TickScreen, size: { rows: number; columns: number }): string[] {
  const lines = linesOf(screen)
  const room = Math.max(1, size.rows - AROUND)
  const from = Math.max(0, Math.min(screen.at - Math.floor(room / 2), lines.length - room))
  const shown = lines.slice(from, from + room).map((line, index) => {
    const pointer = from + index === screen.at ? '>' : ' '
    return `${pointer} ${line.one === null ? groupText(line.group, screen) : operationText(line.one, screen)}`
  })
  const empty = Array.from({ length: room - shown.length }, () => '')
  const search = screen.isSearching || screen.search !== '' ? `Find: ${screen.search}` : ''
  const text = [
    `${screen.ticked.size} of ${screen.operations.length} ticked. ${search}`,
    ...shown,
    ...empty,
    screen.isSearching
      ? 'Type what to find, Enter: keep, Esc: all again'
      : 'Arrows: move  Space: tick  r: what only reads  n: nothing  /: find  Enter: go on  q: give up',
  ]
  // SECURITY: a document's line feed would make a line of its own, that looks like one of ours.
  return text.map((line) => printable(line.replace(/[\n\t]/g, ' ')).slice(0, size.columns))
}

function whileSearching(screen: TickScreen, key: TickKey): TickScreen {
  switch (key.kind) {
    case 'done':
      return { ...screen, isSearching: false }
    case 'leave':
      return { ...screen, isSearching: false, search: '', at: 0 }
    case 'erase':
      return { ...screen, search: screen.search.slice(0, -1), at: 0 }
    case 'text':
      return { ...screen, search: (screen.search + key.text).slice(0, LONGEST_SEARCH), at: 0 }
    default:
      return screen
  }
}

function linesOf({ groups, search }: TickScreen): Line[] {
  return searchedGroups(groups, search).flatMap((group) => [
    { group, one: null },
    ...group.operations.map((one) => ({ group, one })),
  ])
}

function within(screen: TickScreen, at: number): number {
  return Math.max(0, Math.min(at, linesOf(screen).length - 1))
}

function toggled(screen: TickScreen): TickScreen {
  const line = linesOf(screen)[screen.at]
  if (line === undefined) return screen
  const { group, one } = line
  const on = one === null ? groupState(group, screen.ticked) !== 'all' : !screen.ticked.has(one.at)
  return { ...screen, ticked: withTicks(screen.ticked, one === null ? group.operations : [one], on) }
}

function groupText(group: TickGroup, { ticked }: TickScreen): string {
  return `${BOXES[groupState(group, ticked)]} ${cut(group.tag ?? 'Without a tag', 60)}`
}

function operationText({ at, operation }: Ticked, { ticked }: TickScreen): string {
  const { method, path, rule, reason, marks } = operation
  const box = rule === null ? ' ! ' : BOXES[ticked.has(at) ? 'all' : 'none']
  const said = marks.map((mark) => MARKS[mark])
  const why = rule === null ? 'no safe path can match it' : readingText(reason)
  return `    ${box} ${method} ${cut(path, 60)}  ${[...said, why].join('; ')}`
}

function cut(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`
}
